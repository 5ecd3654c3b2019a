"""Who did what, and when: lines in the journal, each chained to the one before by its hash."""
