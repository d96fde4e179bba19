"""Conversations from another service: read from the file that it exports, and put into the inbox of a line."""
