"""What can keep a performer's controls from working."""

from riffsynth.errors import RiffsynthError


class ControlError(RiffsynthError):
    """A port, device or mapping that cannot be used; the message is one line that says what to do."""
