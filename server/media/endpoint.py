"""How long a caller must be silent before the utterance counts as over, measured from the last voiced frame.

The figures come from Hebrew telephone systems in use: shorter waits cut callers off, longer ones feel deaf.
"""

from __future__ import annotations

from collections.abc import Mapping

from server.media.ports import Completeness

END_SILENCE_MS: Mapping[Completeness, int] = {
    "complete": 350,  # a whole short answer: yes, no, a time, a name after a name was asked
    "open": 700,
    "unfinished": 1200,  # a number half dictated, a trailing "and"
}
CAP_MS = 2500
