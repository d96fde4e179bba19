"""Notices to customers: worded in their language, sent once to each person over each channel."""
