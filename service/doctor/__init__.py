"""Whether this installation could go live, in plain words for whoever runs it."""
