"""The phone: a small window of its own, in which a member takes and makes calls."""
