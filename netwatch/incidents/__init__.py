"""Incidents: what happened, one record a cause, from the first suspicion to the end."""
