"""Play a number's whole journey through the service's pages and the carrier's phones, and print it line by line."""
