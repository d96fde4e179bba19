"""The ledger: what we owe and must do exactly once at a carrier or mail server, such as buy, file, text."""
