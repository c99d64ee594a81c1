"""Whether what was heard wrongly is found by who types what was said: ``python -m bench.misheard``.

Sentences whose text is known are said by flite and heard by pocketsphinx (`heard`), and lie among
100,000 captions that nobody misheard (`haystack`). Words of the true text are typed (`questions`),
and several ways of searching look for the caption (`rivals`).
"""
