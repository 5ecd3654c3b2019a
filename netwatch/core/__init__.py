"""The words that every other room uses. Pure values, no input or output."""
