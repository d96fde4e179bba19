"""Bringing a number along: its questions, its signature, its progress and its cutover."""
