"""Registrations of businesses: profiles, brands, campaigns, toll-free verifications, and their fees."""
