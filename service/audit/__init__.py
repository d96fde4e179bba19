"""Whether a carrier's books and ours say the same: numbers, texts and ports, both ways."""
