"""Caption files from elsewhere: `webvtt` and `subrip` read cues, `caption_file` makes captions.

What is wrong with a file is said with the line that it stands in.
"""
