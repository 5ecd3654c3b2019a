"""What is kept of a meeting: in memory for this month, in the journal for all."""
