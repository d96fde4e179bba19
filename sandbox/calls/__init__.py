"""Calls: they ring, play the account's TwiML and send their callbacks."""
