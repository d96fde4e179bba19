"""The numbers of a business: the list, one number, and getting further ones."""
