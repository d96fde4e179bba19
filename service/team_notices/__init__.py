"""Notices to the members of a workspace about their lines: what each member chose, over the channels they chose."""
