"""Carriers to us: check the signature, write the message down, say thanks."""
