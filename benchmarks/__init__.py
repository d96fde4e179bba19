"""What the service can bear, measured on this machine and printed as ratios; docs/performance.md tells the figures."""
