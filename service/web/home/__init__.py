"""The front page for strangers and the first page after signing in."""
