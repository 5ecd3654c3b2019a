"""The gateway through which other vantages write to Prometheus what they may."""
