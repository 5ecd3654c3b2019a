"""The province as its engineers wrote it down, read, checked, and turned into checks."""
