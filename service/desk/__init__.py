"""Our porting desk: orders that staff work on by hand, their papers, and the old operators' answers."""
