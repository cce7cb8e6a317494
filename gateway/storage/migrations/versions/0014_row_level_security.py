"""The second lock on every table: tenants themselves, what finds them, and their audit"""

from alembic import op

from gateway.storage.migrations.locks import (
    CURRENT,
    force,
    is_postgresql,
    lock,
    lock_index,
    policy,
    unlock,
)

revision = "0014"
down_revision = "0013"

INDEX_TABLES = ("login_index", "key_index")
_OWN = f"tenant_id = {CURRENT}"
_ITSELF = f"id = {CURRENT}"
#: What the index session says of itself; it lists tenants and makes new ones.
_INDEX = f"{CURRENT} = '*'"
#: The end of a tenant takes its audit along; nothing else takes an entry away. Only who is marked
#: for deletion is not there yet: that can be taken back.
_BEING_ERASED = (
    f"{_OWN} AND EXISTS (SELECT FROM tenant WHERE tenant.{_ITSELF} AND tenant.status = 'erasing')"
)


def upgrade() -> None:
    if not is_postgresql():
        return
    lock_index(*INDEX_TABLES)
    force("tenant")
    policy("tenant", "tenant_reads", "SELECT", f"{_ITSELF} OR {_INDEX}")
    policy("tenant", "tenant_begins", "INSERT", None, f"{_ITSELF} OR {_INDEX}")
    policy("tenant", "tenant_changes", "UPDATE", _ITSELF, _ITSELF)
    policy("tenant", "tenant_ends", "DELETE", _ITSELF)
    # No policy for UPDATE: what was done stays as it was written.
    op.execute("DROP POLICY tenant_only ON audit_entry")
    policy("audit_entry", "tenant_reads", "SELECT", _OWN)
    policy("audit_entry", "tenant_adds", "INSERT", None, _OWN)
    policy("audit_entry", "tenant_ends", "DELETE", _BEING_ERASED)


def downgrade() -> None:
    if not is_postgresql():
        return
    for name in ("tenant_reads", "tenant_adds", "tenant_ends"):
        op.execute(f"DROP POLICY {name} ON audit_entry")
    lock("audit_entry")
    for name in ("tenant_reads", "tenant_begins", "tenant_changes", "tenant_ends"):
        op.execute(f"DROP POLICY {name} ON tenant")
    for table in INDEX_TABLES:
        for name in ("anyone_reads", "tenant_adds", "tenant_changes", "tenant_removes"):
            op.execute(f"DROP POLICY {name} ON {table}")
    unlock("tenant", *INDEX_TABLES)
