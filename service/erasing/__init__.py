"""Closing accounts, and erasing what belongs to a contact, a person or a whole workspace."""
