"""Look-alikes of operators' bills, all of them our own, and how well the day of a bill is read from them."""
