"""Us: accounts, lines, port projects and their states, inbox, pages, the promises we owe."""
