"""The core room service: who holds which room, who may do what in it, and its sound."""
