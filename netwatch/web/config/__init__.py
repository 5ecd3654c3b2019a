"""The web configuration file: TLS, logins, headers and rate, in the format of exporter-toolkit."""
