"""What a prompt refuses is found in any of the usual wordings, and what it asks for is not."""

from __future__ import annotations

import pytest

from riffsynth.diffusion.absences import absent


@pytest.mark.parametrize(
    ("prompt", "refused"),
    [
        ("piano, no drums", "drums"),
        ("No drums, piano", "drums"),
        ("piano without any drums, no bass", "drums, bass"),
        ("techno minus the kick drum", "kick drum"),
        ("jazz without drums and bass", "drums and bass"),
        ("flute, bass off, drums muted", "bass, drums"),
        ("no drums but a flute", "drums"),
        ("no melody over warm chords", "melody"),
        ("piano", ""),
        ("nocturne, noise, techno", ""),
        ("off beat guitar, muted trumpet", ""),
        ("no", ""),
        ("no ", ""),
        ("", ""),
        (", no , without", ""),
        ("no " * 1000, ""),
        ("techno with no drums with no bass", "drums, bass"),
    ],
)
def test_what_is_refused(prompt: str, refused: str) -> None:
    assert absent(prompt) == refused
