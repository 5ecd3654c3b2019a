"""The last day of every site, five minutes a step: its worst state, loss and round trip."""
