"""Measure how fast the service is on this machine, as ratios; docs/performance.md has the figures."""
