"""Finding what was said: from journal entries to an index, and from a reader's words to captions.

What is typed becomes a query (`parsing`, `query`), what was said becomes rows (`indexing`), both
through the same tokens (`tokens`). An `index.SearchIndex` keeps the rows and finds them again;
`matching` says of one caption at a time what an index must say of all.
"""
