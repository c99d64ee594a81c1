"""HTTP, one router for each group of design's table."""
