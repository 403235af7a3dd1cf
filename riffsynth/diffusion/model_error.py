"""What is wrong with a model."""

from riffsynth.errors import RiffsynthError


class ModelError(RiffsynthError):
    """A model that cannot be loaded or used; one line that names the folder and the part."""
