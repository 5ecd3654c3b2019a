"""Party and State network: what must pass passes, the rest is blocked."""
