"""Registering a business for texts to the United States, and the page on which people sign up for its texts."""
