"""A number's whole journey, played through the service's pages and a carrier's phones, and told line by line."""
