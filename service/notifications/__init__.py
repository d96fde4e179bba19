"""What we tell customers: each fact once per person and channel, in their language."""
