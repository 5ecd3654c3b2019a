"""What ``netwatch COMMAND`` does, one file a command."""
