"""From a room's mixed audio to captions: read this package first.

What comes in is a tap (`tap`): 20 ms frames of the mix and who is speaking. `session` owns one
room's tasks and sends the frames through `resample` (48 to 16 kHz), `speech` (is somebody
talking?), `endpointing` (where do utterances begin and end?) and a recogniser behind the port in
`recognition`. What it recognises is given to its speakers by `attribution`, made durable by the
`journal` port, and published on the caption bus in `captions`, from which websockets serve it.

`whole` hears a recording again, when nobody waits for its captions any more.

Before it stands a room engine (`rooms`); behind its ports stand `asr` and `transcripts`.
"""
