"""What happened, on disk: every hard state from its begin to its end."""
