"""A line: its name, phones, call plan, opening hours and greetings."""
