"""Calls: our TwiML walked from the first ring to the last callback."""
