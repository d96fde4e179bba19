"""The carriers, one folder each. Its `build` returns the `Carrier`."""
