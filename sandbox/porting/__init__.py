"""Ports: the requests, the machine that moves them, what is told about them."""
