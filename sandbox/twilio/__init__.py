"""Twilio's wire protocol: a blueprint for each resource of its hosts."""
