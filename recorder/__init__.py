"""Media egress: the packets that listeners hear, on disk, so that no crash can take them.

What comes in is a room's tap (`pipeline.tap`): 20 ms frames with their Opus packets. `recording`
runs one recording, `writer` puts the packets into short Ogg files (`ogg`), `manifest` says which,
and `finalise` joins them, after the room's end or after a crash, into one Ogg/Opus file whose
decoded sample k is sample k of the room clock. `finishing` has `job` do that in a process of its
own, which also measures the `loudness`, makes the `peaks` and, where a host has cut passages
(`editing`), the file without them (`edited`). What goes out is that file, and `derived` ones in
other formats, with `chapters`. `media` speaks to ffmpeg.

A file from elsewhere comes in as `imported`, and the job makes segments of it first. `heard` says
how far a recording was heard again after its room.

Where there is an `object_store`, `transfer` moves finished recordings to it, and `sounds` knows
where each one is.
"""
