"""Us to the carriers: one contract, one folder per carrier; nothing here knows accounts, Flask or the database."""
