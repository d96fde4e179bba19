"""Harnesses that break parts of a deployment and check that nothing is lost or done twice; see docs/reliability.md."""
