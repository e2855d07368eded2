"""Alembic's entry: runs the migrations on the connection that server.db.engine hands over."""

from __future__ import annotations

from alembic import context

from server.db.tables import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("run migrations through the program (python -m server.db upgrade), not through alembic's command")

# SQLite too does its table changes inside the transaction, so a migration that fails leaves nothing half done.
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
