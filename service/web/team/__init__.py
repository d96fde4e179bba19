"""The team of a workspace: members, invitations, notices to members, and the log of changes."""
