"""Registering a workspace's business at the carrier, so that its texts to the United States are delivered."""
