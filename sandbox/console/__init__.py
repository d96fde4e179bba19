"""The console: web pages on which a person plays the other side."""
