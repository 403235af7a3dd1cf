"""The one kind of error that a person is shown as a line instead of a traceback."""


class RiffsynthError(Exception):
    """Something a person can mend; the message says what was found and what to do."""


def told(error: RiffsynthError | OSError) -> str:
    """The line for a person: of a file or folder that the system refuses, its name and why."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror[0].lower()}{error.strerror[1:]}"
    return str(error)
