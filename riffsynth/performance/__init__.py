"""One performance: the instrument with its devices, the session without them, and the session's log."""
