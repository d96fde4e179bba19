"""Comparing a carrier's records with ours, both ways: numbers, texts and ports."""
