"""Media egress: the packets that listeners hear, on disk, so that no crash can take them.

What comes in is a room's tap (`pipeline.tap`): 20 ms frames with their Opus packets. `recording`
runs one recording, `writer` puts the packets into short Ogg files (`ogg`), `manifest` says which,
and `finalise` joins them, after the room's end or after a crash, into one Ogg/Opus file whose
decoded sample k is sample k of the room clock. `finishing` has `job` do that in a process of its
own, which also measures the `loudness`, makes the `peaks` and, where a host has cut passages
(`editing`), the file without them (`edited`). What goes out is that file, and `derived` ones in
other formats, with `chapters`. `media` speaks to ffmpeg.

`segments` and `tracks` are the files that `writer` fills, `manifest_log` what is new of a running
recording. `choices` and `retention` are what hosts and the site decide; `archive` packs a zip.

A file from elsewhere comes in as `imported`, and the job makes segments of it first. `heard` says
how far a recording was heard again after its room.

Where there is an `object_store` (`s3` is the adapter), `uploads` decides what `transfer` moves to
it, and `sounds` knows where each one is. `copies` says what was read back, `forgotten` what is to
be deleted there; `restoring` brings recordings back.
"""
