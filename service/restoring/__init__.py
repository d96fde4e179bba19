"""Recovering from a restored backup: nothing is sent twice, and what only the carrier knows is kept or given back."""
