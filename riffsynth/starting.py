"""What follows from the options before a performance begins: what can be known to fail, and the player's own."""

from __future__ import annotations

from riffsynth.diffusion.locating import local_folder
from riffsynth.errors import RiffsynthError
from riffsynth.options import PlayOptions
from riffsynth.playback.process import PlayerConfig
from riffsynth.remote.address import checked_address
from riffsynth.session_log import player_log


def check(options: PlayOptions, model: str | None) -> None:
    """Raises RiffsynthError for what would fail; `model` is the one that the options or the preset name."""
    if options.workers:
        checked_address(options.workers)
    if model:
        local_folder(model)
    for path in (options.record, options.log, options.session):
        if path and not path.absolute().parent.is_dir():
            raise RiffsynthError(f"{path}: there is no folder {path.absolute().parent} to write it in")


def player_config(options: PlayOptions) -> PlayerConfig:
    """What the first player is started with."""
    return PlayerConfig(
        device=options.audio,
        channels=options.channels,
        latency_ms=options.latency_ms,
        record=options.record,
        log=options.log or (player_log(options.session) if options.session else None),
        share=options.web_port is not None,
    )
