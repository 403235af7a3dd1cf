"""What each command does: a module of its own with a `run`, imported when the command is called."""
