import sys

from server.wsgi import main

sys.exit(main())
