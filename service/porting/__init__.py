"""Porting a customer's numbers in: drafts, filing, the carrier's answers, states, and what follows from them."""
