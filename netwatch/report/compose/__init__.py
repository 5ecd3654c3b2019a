"""Writes what an account says: one file a part of the paper."""
