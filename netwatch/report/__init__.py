"""The month on paper: the account of a period, and the papers that tell it."""
