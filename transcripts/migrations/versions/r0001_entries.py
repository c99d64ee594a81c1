"""The journal's entries; files of the versions before Alembic are taken over as they are.

Those say in ``user_version`` how far they are: 1 has no tracks yet, 2 and 3 have these tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table, or give an old one tracks."""
    connection = op.get_bind()
    version = 0
    if connection.dialect.name == "sqlite":
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version == 0:
        _create()
    elif version == 1:
        op.rename_table("entries", "entries_of_one_track")
        op.execute("DROP INDEX entries_by_caption")
        op.execute("DROP INDEX entries_by_instance")
        _create()
        op.execute(
            "INSERT INTO entries SELECT room_id, '', seq, instance, kind, caption_id, payload,"
            " written_at FROM entries_of_one_track"
        )
        op.drop_table("entries_of_one_track")


def _create() -> None:
    op.create_table(
        "entries",
        sa.Column("room_id", sa.Text, primary_key=True),
        sa.Column("track", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("instance", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("caption_id", sa.Text),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("written_at", sa.Text, nullable=False),
    )
    op.create_index("entries_by_caption", "entries", ["room_id", "caption_id", "seq"])
    op.create_index("entries_by_instance", "entries", ["room_id", "track", "instance", "seq"])
