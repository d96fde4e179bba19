"""Ports: the requests, how their statuses change, and what the account is told of it."""
