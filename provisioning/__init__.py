"""Calls to carriers: one contract, and one folder per carrier. It knows no accounts, no Flask and no database."""
