"""Talking to one address: TCP, TLS, HTTP, UDP, and what the network says when it can't be done."""
