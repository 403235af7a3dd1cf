"""What is wrong with a model, or with what it is given."""

from __future__ import annotations

from riffsynth.errors import RiffsynthError


class ModelError(RiffsynthError):
    """A model that cannot be loaded or used; one line that names the folder and the part."""


class UnfitFile(ModelError):
    """A mask or a LoRA that a model cannot use; without it the clip can be made. It may be pickled."""

    def __init__(self, text: str, kind: str, file: str = "") -> None:
        """`kind` is `mask` or `lora`, `file` which of a request's LoRAs."""
        super().__init__(text, kind, file)

    def __str__(self) -> str:
        return str(self.args[0])

    @property
    def unfit(self) -> tuple[str, str]:
        """The kind and the file."""
        return self.args[1], self.args[2]
