"""Whether a model of meaning finds what the words do not: ``python -m bench.meaning``.

What is asked in quite other words (`paraphrases`), and what is asked in the words that were said
(`bench.misheard`), is looked for by the words, by the likeness of sentence embeddings
(`embedding`), and by both together (`ways`).
"""
