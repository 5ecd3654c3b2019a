"""netwatch: the network monitor of a province."""

__version__ = "0.1.0"
