"""The demonstration: two recorded voices talk in a real room, and the terminal reads along.

Everything goes the way of a real room: the voices publish over WebRTC by WHIP, the terminal is a
captions.v1 client on a websocket. The script of the conversation is only used at the end, to count
the mistakes.
"""
