"""Orders of numbers that are filled some time after they were taken."""
