"""The embedded room engine: WebRTC in, a clocked mix, one Opus encode, packets out.

A speaker's RTP comes in at `webrtc`, is put in order by `receive`, summed and encoded by `desk`
(with `mixer`, `activity` and `opus`) on the clock of `live`, and goes out to listeners as packets
and to taps as frames. `engine` holds the rooms; `client` is the other end of a connection.
"""
