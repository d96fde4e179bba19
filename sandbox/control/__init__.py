"""The control API: the other side played over HTTP, for demos, tests from outside, and curl."""
