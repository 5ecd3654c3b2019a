"""Floor 2: results become states, by hysteresis and roll-up."""
