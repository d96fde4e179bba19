"""Texts: sent, delivered, received, and the words that stop them."""
