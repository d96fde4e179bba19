"""What the clock sets going: each job asks the rows what is due and defers it, so a double tick does no harm."""
