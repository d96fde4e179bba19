"""Harnesses that break things, to see whether promises are kept; docs/reliability.md tells what was seen."""
