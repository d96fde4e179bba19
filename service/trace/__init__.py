"""What happened to a number: everything that we know of it, in one timeline, and reading parts of it again."""
