"""One step each, numbered."""
