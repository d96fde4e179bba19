"""Say to open pages what has changed, by server-sent events: a process of its own, fed by the database."""
