"""Erasing what belongs to a contact, or to a whole workspace."""
