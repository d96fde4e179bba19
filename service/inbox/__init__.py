"""Conversations: they live on a line and a contact, whatever numbers the line wears."""
