"""Flows between networks: whether what must pass passes, and the rest is blocked."""
