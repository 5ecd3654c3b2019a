"""Floor 1: what a media stream is like, and how it is measured: STAMP, jitter, E-model."""
