"""Media egress: the packets that listeners hear, on disk, so that no crash can take them."""
