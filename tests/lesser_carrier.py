"""A carrier that offers less than the others."""

from dataclasses import replace


def without(carriers, *facets):
    """The same carriers, the first of which lacks these facets: `without(carriers, "lookup")`."""
    name, carrier = next(iter(carriers.items()))
    network = replace(carrier.network, **dict.fromkeys(facets))
    return {**carriers, name: replace(carrier, network=network)}
