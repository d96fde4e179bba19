"""The console: a page to play the other side."""
