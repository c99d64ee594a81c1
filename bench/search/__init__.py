"""Searching many captions, in SQLite and PostgreSQL, beside a plain index of each.

`corpus` makes captions and queries, `rivals` keeps them in a plain FTS5 or tsvector table, `ours`
in the project's own index, `live` adds captions of many rooms while others search, and `report`
writes the tables.
"""
