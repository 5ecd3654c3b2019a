"""What a media stream is like, and how it is measured: STAMP, jitter, E-model."""
