"""The team of a workspace: members, invitations, their notices, and the log of changes."""
