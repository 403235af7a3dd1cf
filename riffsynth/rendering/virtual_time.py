"""`riffsynth render`: the same conductor and player in virtual time, where a generation takes a declared time."""

from __future__ import annotations

import math
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

import mido
import numpy as np
from numpy.typing import NDArray

from riffsynth.control.mapping import Binding
from riffsynth.control.midi import NONE, MidiInputs
from riffsynth.control.midi_file import MidiPerformance, read_midi_file
from riffsynth.diffusion.messages import Cancel, Cancelled, FromWorker, Generate, Generated, Pace, Ready, ToWorker
from riffsynth.diffusion.worker import LocalWorker, WorkerConfig
from riffsynth.errors import RiffsynthError
from riffsynth.files.readers import DirectReader
from riffsynth.performance.options import RenderOptions
from riffsynth.performance.session import Session
from riffsynth.playback.core import PlayerCore
from riffsynth.playback.recorder import WavWriter
from riffsynth.recall.preset import load_preset
from riffsynth.spectrogram.grid import SynthesisGrid
from riffsynth.timing.tempo_map import TempoMap

READY_S = 0.2
"""Virtual time between the first generation and the first beat."""


class VirtualWorker:
    """A worker whose answers come when the declared time has passed, however long they really took."""

    def __init__(self, config: WorkerConfig, generation_s: float) -> None:
        self._generation_s = generation_s
        self._running: tuple[float, Generate] | None = None
        self._said: list[FromWorker] = []
        self._pace: Pace | None = None
        self.now = 0.0
        self._worker = LocalWorker(config, self._said.append)

    def send(self, message: ToWorker) -> None:
        if isinstance(message, Generate):
            self._running = (self.now + self._generation_s, message)
        elif isinstance(message, Cancel) and self._running and self._running[1].request.id == message.id:
            self._running = None
            self._said.append(Cancelled(message.id))

    def receive(self, now: float) -> list[FromWorker]:
        """What has been said until `now`, in virtual seconds."""
        self.now = now
        if self._running and self._running[0] <= now:
            self._worker.send(self._running[1])
            self._running = None
        said = [self._in_virtual_time(message) for message in self._said]
        self._said.clear()
        return said

    def _in_virtual_time(self, message: FromWorker) -> FromWorker:
        if isinstance(message, Ready):
            self._pace = Pace(self._generation_s / max(1, message.default_steps), 0.0)
        if isinstance(message, (Ready, Generated)) and self._pace:
            return replace(message, pace=self._pace)
        return message


class FilePlayer:
    """Plays a MIDI file to the session: each message and each tempo at its very moment."""

    def __init__(self, performance: MidiPerformance, session: Session, bindings: Iterable[Binding]) -> None:
        self._name = performance.name
        self._session = session
        self._inputs = MidiInputs((NONE,), session.store)
        self._inputs.bind(bindings)
        tempos = [(performance.tempo_map.time_at(beat), tempo) for beat, tempo in performance.tempo_map.changes]
        moments: list[tuple[float, mido.Message | float]] = [*tempos]
        moments += [(played.time_s, played.message) for played in performance.played]
        self._waiting = deque(sorted(moments, key=lambda moment: moment[0]))

    def play(self, now: float) -> None:
        """What is due until `now`."""
        while self._waiting and self._waiting[0][0] <= now:
            moment, what = self._waiting.popleft()
            self._session.step(moment)
            if isinstance(what, float):
                self._session.store.set("tempo", what, self._name)
            else:
                self._inputs.play(what, self._name, moment)
        self._inputs.settle(now)


def render(options: RenderOptions) -> None:
    """Writes `bars` bars of the preset as a WAV file: the same bytes each time on one machine.

    With a MIDI file they are counted in its time, and without `bars` all of its bars are written. Raises
    RiffsynthError.
    """
    performance = read_midi_file(options.midi) if options.midi else None
    if options.tempo is not None and performance:
        raise RiffsynthError("the MIDI file has a tempo of its own: leave --tempo out")
    preset = load_preset(options.preset)
    overrides = options.overrides()
    if performance:
        overrides["tempo"] = performance.tempo_map.changes[0][1]
        if performance.meter:
            overrides["meter"] = performance.meter
    grid = SynthesisGrid.for_rate(options.sample_rate)
    core = PlayerCore(grid)
    model = options.model or preset.model
    config = WorkerConfig(model, options.device, options.sample_rate, decoder=options.decoder)
    worker = VirtualWorker(config, options.generation_s)
    files = DirectReader(options.sample_rate)
    start = -(options.generation_s + READY_S)
    session = Session(start, core.apply, worker.send, files, lambda text: print(f"riffsynth: {text}", file=sys.stderr))
    session.load(preset, start, overrides)
    session.locate(0.0, 0.0)
    meter, tempo = int(session.store.get("meter")), float(session.store.get("tempo"))
    player = FilePlayer(performance, session, preset.midi) if performance else None
    tempos = performance.tempo_map if performance else TempoMap([(0.0, tempo)])
    bars = options.bars or max(1, math.ceil((performance.beats if performance else 0.0) / meter))
    frames = round(tempos.time_at(bars * meter) * options.sample_rate)
    blocks = _blocks(session, core, worker, files, start, player)
    with WavWriter(options.output, options.sample_rate) as wav:
        for block in _take(blocks, frames):
            wav.write(block)


def _blocks(
    session: Session,
    core: PlayerCore,
    worker: VirtualWorker,
    files: DirectReader,
    start: float,
    player: FilePlayer | None,
) -> Iterator[NDArray[np.float32]]:
    """The sound from virtual time 0 on; what happens from `start` until then prepares it."""
    block_s = core.block_size / core.grid.sample_rate
    index = int(np.floor(start / block_s))
    while True:
        now = index * block_s
        for read in files.finished():
            session.news.on_file(read, now)
        for message in worker.receive(now):
            session.news.on_worker(message, now)
        for event in core.events():
            session.news.on_player(event, now)
        if player:
            player.play(now)
        session.step(now)
        samples = core.block(now)
        if index >= 0:
            yield samples
        index += 1


def _take(blocks: Iterator[NDArray[np.float32]], frames: int) -> Iterator[NDArray[np.float32]]:
    while frames > 0:
        block = next(blocks)[:frames]
        frames -= block.size
        yield block
