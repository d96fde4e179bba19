"""Asking a carrier what happened during an outage of ours, when its callbacks were lost."""
