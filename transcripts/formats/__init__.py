"""The kinds of files that a transcript is written as, one a module; `script` is what goes in.

`transcripts.exports` chooses among them.
"""
