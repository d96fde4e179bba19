"""The carriers, one folder each; a folder's `build` makes its `Carrier`."""
