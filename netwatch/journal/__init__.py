"""The journal on disk (SQLite): every hard state from its begin to its end, flows, meetings."""
