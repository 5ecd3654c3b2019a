"""Results become states, by hysteresis and roll-up."""
