"""Cutting a line over to its ported number, in steps that are each proven and can each be undone."""
