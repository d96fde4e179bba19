"""The contract: what the service may ask of any carrier, facet by facet, in neutral terms."""
