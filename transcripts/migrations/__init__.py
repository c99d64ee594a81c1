"""From the tables of any released version to those of this one, with Alembic; forward only.

A revision is a file `versions/rNNNN_what.py` (`r0001_entries.py` is one to begin from). To add one:
write it with the next number and the one before it as ``down_revision``, let ``upgrade`` do the
same for both databases, and where it cannot, ask ``op.get_bind().dialect.name``, which is
``sqlite`` or ``postgresql``; write that number in `HEAD` below; and describe ordinary tables in
`transcripts.tables`, too. It runs in one transaction in both databases, before anything else uses
the tables, and holds up the start: what takes long for a large journal is done later. Never change
a revision that was released. `tests/transcripts/test_upgrading.py` goes through all of them.
"""

HEAD = "0002"
"""The newest revision. At a start it is only compared: Alembic is loaded when there is a step."""
