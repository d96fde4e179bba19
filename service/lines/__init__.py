"""Lines, and the numbers they wear. Settings belong to the line, never to a number."""
