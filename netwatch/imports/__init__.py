"""The inventory from the files that an office has: spreadsheets now, NetBox beside them."""
