"""What is handed over: the bill of materials, and the bundle for a server without a connection."""
