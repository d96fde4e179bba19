"""Search over everything that a person sees: a page, and a palette over every page that finds while one types."""
