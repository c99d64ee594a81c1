"""The embedded room engine: WebRTC in, a clocked mix, one Opus encode, packets out."""
