"""A line's settings: its call plan, opening hours and greetings."""
