"""What netwatch costs, measured on the running daemon: ``make bench``."""
