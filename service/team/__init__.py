"""Telling the people of a workspace what happens on their lines: each of what they want to know, the way they want."""
