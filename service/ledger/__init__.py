"""What we owe the outside world and must do once: buy, file, text."""
