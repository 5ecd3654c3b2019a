"""HTTP (RFC 9110): the client, and how its requests log in."""
