"""After a backup was restored: nothing is done twice, and what only the carriers remember is adopted or given back."""
