"""The pages a person sees: one file per group of pages, each view loads, calls one use-case, and shows or redirects."""
