"""Numbers that are ported out: to another operator, because their customer wants that, or somebody else does."""
