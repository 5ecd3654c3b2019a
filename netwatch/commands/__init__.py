"""Floor 6: what ``netwatch COMMAND`` does, one file a command."""
