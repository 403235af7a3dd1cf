"""How a performance begins: what the keeper says first, what can be known to fail, and what the player is given."""

from __future__ import annotations

from pathlib import Path

from riffsynth.diffusion.completeness import check_decoder, check_parts
from riffsynth.diffusion.locating import check_reachable, local_folder
from riffsynth.errors import RiffsynthError
from riffsynth.performance.options import PlayOptions
from riffsynth.performance.session_log import player_log
from riffsynth.playback.process import PlayerConfig
from riffsynth.processes.channel import Channel
from riffsynth.processes.keeping import Begin
from riffsynth.remote.address import checked_address

NEWS_S = 0.01


def beginning(keeper: Channel) -> Begin:
    """What the keeper says first. Raises RiffsynthError where it is gone."""
    while not keeper.closed:
        for message in keeper.receive():
            if isinstance(message, Begin):
                return message
        keeper.wait(NEWS_S)
    raise RiffsynthError("the process that started the performance is gone")


def check(options: PlayOptions, model: str | None) -> None:
    """Raises RiffsynthError for what would fail; `model` is the one that the options or the preset name."""
    if options.workers:
        checked_address(options.workers)
    if model and (folder := local_folder(model)):
        check_parts(folder)
    elif model:
        check_reachable(model)
    if options.decoder:
        check_decoder(Path(options.decoder).expanduser())
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
