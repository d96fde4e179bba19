"""The web pages, in rooms by what a person does there. A view loads, calls one use-case, and shows or redirects."""
