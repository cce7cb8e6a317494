"""When a sign-in domain was last looked for, and since when its record is gone"""

import sqlalchemy as sa
from alembic import op

from gateway.storage.types import UtcDateTime

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("sign_in_domain", sa.Column("checked_at", UtcDateTime(), nullable=True))
    op.add_column("sign_in_domain", sa.Column("missing_since", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("sign_in_domain", "missing_since")
    op.drop_column("sign_in_domain", "checked_at")
