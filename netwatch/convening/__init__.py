"""Floor 4: meetings by the clock: preflights before, a watch during, and a record after them."""
