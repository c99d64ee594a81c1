"""A small Whisper of our own: its speech, its training, its folder and its figures."""
