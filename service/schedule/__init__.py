"""Scheduled jobs of the clock process: each reads from the database what is due, so that running twice does no harm."""
