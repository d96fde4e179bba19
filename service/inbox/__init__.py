"""Conversations: each is between a line and a contact, whatever numbers the line wears."""
