"""Bringing a customer's numbers in: what is asked of whom, what happened, and what follows."""
