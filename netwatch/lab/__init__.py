"""A simulated province behind a wire that cuts, loses and delays, and writes down when."""
