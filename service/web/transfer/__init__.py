"""Transferring a number: its questions, its signature, its progress and its cutover."""
