"""The inventory from NetBox: what its API says, read within bounds, and made sites and lines."""
