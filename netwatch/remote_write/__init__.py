"""Where other vantages write: what they may say is let through to Prometheus, no more."""
