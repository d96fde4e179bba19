"""Carriers to us: check a callback's signature, store it, answer, and read it later."""
