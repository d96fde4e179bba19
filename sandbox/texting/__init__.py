"""Texts: sent, delivered and received, with opt-outs."""
