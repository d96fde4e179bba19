"""Comparing a carrier's records with ours, both ways: numbers, registrations, texts and ports."""
