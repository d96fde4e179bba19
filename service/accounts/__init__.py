"""Who uses the service: people, their workspaces, and signing up and in."""
