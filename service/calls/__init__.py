"""Calls: the call plan of a line, the answer to a ringing call, and calls out."""
