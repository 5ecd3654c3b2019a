"""Floor 1: the province as its engineers wrote it down, read, checked, and turned into checks."""
