"""Ports: the requests, the scheduled_steps that statuses them, what is told about them."""
