"""The process itself: systemd, log lines, garbage collector, heartbeat of the event loop."""
