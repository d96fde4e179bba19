"""Our own porting desk: orders that people work by hand, their papers, and what the old operators answered."""
