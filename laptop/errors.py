"""What keeps a deployment from starting on this machine."""


class CannotStart(Exception):
    """One sentence for the person who started it: what is wrong, and what to do about it."""
