"""Ring groups of which each phone is called by itself: the caller waits for the first person who accepts."""
