"""What calls, texts and numbers may cost: which destinations, how much a day and month, and who is paused."""
