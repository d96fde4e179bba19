"""Ways to reach a person, a file each."""
