"""The values every package speaks in: audio, rooms, transcripts, captions, styles, errors.

Nothing comes in and nothing goes out: these are immutable values on the standard library and numpy.
They are domain models; the recognisers' weights live in a cache folder that `asr.weights` finds.
"""
