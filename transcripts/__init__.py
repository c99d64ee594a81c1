"""What was said, kept: the journal and the files that are made from it."""
