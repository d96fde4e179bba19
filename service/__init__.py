"""Our service: accounts, lines, port projects and their states, inbox, pages, the ledger."""
