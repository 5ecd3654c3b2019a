"""The inventory: the YAML files read, validated, cross-checked, and turned into checks."""
