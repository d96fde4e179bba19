"""Asking a carrier what happened since we last heard of it: what an outage of our own made us miss."""
