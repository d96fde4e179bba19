"""Checks of whether this installation could go live, in plain words for its operator."""
