"""The steps by which the tables of one version become those of the next."""
