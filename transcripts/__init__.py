"""What was said, kept: the journal and the files that are made from it.

What comes in are a room's entries, from `pipeline.session` through the port `pipeline.journal`.
`entries` turns them into JSON and back; `journal` keeps them in a SQLite file or in PostgreSQL
(`database`, whose `tables` are brought forward by `upgrading`), and `memory` in memory.
`second_pass` gives corrections that make captions better after the room. What goes out are files
for people: `effective` applies corrections, `cues` lays captions out as readable lines, and
`exports` writes WebVTT, SRT, TTML, text and JSON. `withholding` and `cutting` give what a reader
may have, `titles` takes what is cut out of chapters' titles, and `erasing` overwrites.
"""
