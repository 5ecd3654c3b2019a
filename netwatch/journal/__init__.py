"""Floor 3: what happened, on disk: every hard state from its begin to its end."""
