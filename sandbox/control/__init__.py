"""The control API: the other side over HTTP, for a demo, a test from outside, or a person with curl."""
