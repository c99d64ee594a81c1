"""Media egress: the packets that listeners hear, on disk, so that no crash can take them.

What comes in is a room's tap (`pipeline.tap`): 20 ms frames with their Opus packets. `recording`
runs one recording, `writer` puts the packets into short Ogg files (`ogg`), `manifest` says which,
and `finalise` joins them, after the room's end or after a crash. What goes out is one Ogg/Opus file
whose decoded sample k is sample k of the room clock. `media` reads and converts files with ffmpeg.
"""
