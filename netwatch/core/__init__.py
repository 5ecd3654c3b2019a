"""The terms that every other room uses: checks, results, states, clock, units, errors. No I/O."""
