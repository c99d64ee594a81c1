"""Roomscribe beside other live-caption servers: the same audio, the same model, the same clock."""
