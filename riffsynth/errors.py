"""The one kind of error that a person is shown as a line instead of a traceback."""


class RiffsynthError(Exception):
    """Something a person can mend; the message says what was found and what to do."""
