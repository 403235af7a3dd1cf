"""`riffsynth play`: starts the processes, wires them to the session, and keeps them alive."""

from __future__ import annotations

import math
import os
import threading
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from riffsynth.background import BackgroundThread
from riffsynth.channel import Channel
from riffsynth.clip_files import ThreadedReader
from riffsynth.control.clock_sender import clock_sender
from riffsynth.control.learned_maps import LearnedMaps
from riffsynth.control.midi import MidiInputs
from riffsynth.control.osc import OscControl
from riffsynth.diffusion.locating import local_folder
from riffsynth.diffusion.messages import Alive as WorkerAlive
from riffsynth.diffusion.messages import Failed, Loading, Progress, Ready
from riffsynth.diffusion.worker import WorkerConfig, start_worker
from riffsynth.errors import RiffsynthError
from riffsynth.inputs import AudioInputs
from riffsynth.keeping import Alive, Begin, Stop
from riffsynth.listening.messages import Listen
from riffsynth.listening.process import ListenerConfig, start_listener
from riffsynth.memory import Memory, Remembered
from riffsynth.options import PlayOptions
from riffsynth.playback.messages import Opened, ToPlayer
from riffsynth.playback.process import PlayerConfig
from riffsynth.players import Players
from riffsynth.preset import load_preset
from riffsynth.recall.file_watch import FileWatch
from riffsynth.remote.address import checked_address
from riffsynth.reporting import Processes, screen, status
from riffsynth.session import Session
from riffsynth.session_log import SessionLog, numbered, player_log
from riffsynth.supervision import Child, kill
from riffsynth.terminal import Terminal
from riffsynth.timing.clock import Clock, SystemClock
from riffsynth.timing.status import ClockStatus
from riffsynth.web.link import PageLink

TURN_S = 0.01
"""The control loop's longest sleep; news wake it before."""
CLOCK_STATUS_S = 0.1
"""How often subscribers are told how the clock is."""
FINISH_TIMEOUT_S = 3.0
ALIVE_S = 0.5
KEEP_S = 0.1
"""What happened in the last moment before control dies is forgotten."""
WORKER_SILENT_S = 6.0
"""A worker that has said nothing for this long has been stopped, or hangs; it says each second that it lives."""
WORKER_LOADING_S = 60.0
"""The same while it loads: a library read from a slow disk holds everything else up."""


class Instrument:
    """The processes and devices of one performance."""

    def __init__(
        self, options: PlayOptions, terminal: Terminal, stack: ExitStack, keeper: Channel, wake: threading.Event
    ) -> None:
        """`stack` closes everything at an orderly end; `keeper` begins and ends the performance and keeps its state."""
        self._options = options
        self._terminal = terminal
        self._clock: Clock = SystemClock()
        self._wake = wake
        self._keeper = keeper
        begin = _beginning(keeper)
        self._memory = Memory(keeper.send, begin.kept, begin.starts)
        self._starts = begin.starts
        self._kept_at = self._alive_at = -math.inf
        self._last_warning = ""
        self._clock_news: deque[str] = deque(maxlen=100)
        self._clock_told = -math.inf
        self._work: tuple[str, float] = ("", 0.0)
        self._preset = load_preset(options.preset)
        _check(options, options.model or self._preset.model)
        self._files = ThreadedReader(self._wake.set)
        self._background = BackgroundThread("presets", self._wake.set)
        self._watch = FileWatch(self._wake.set)
        self._worker: Child | None = None
        self._worker_starts = 0
        self._listener: Child | None = None
        self._opened: Opened | None = None
        self._player = Players(self._player_config(), self._wake.set, begin.doors)
        self._page: PageLink | None = None
        self.session = Session(
            self._clock.now(),
            self._to_player,
            self._to_worker,
            self._files,
            self._announce,
            self._background,
            self._watch,
            self._listen,
        )
        self._log = self._new_log(stack)
        self._osc = OscControl(
            self.session.store,
            options.osc_host,
            options.osc_port,
            status=self.status,
            commands={
                "learn": lambda args: self._midi.learn(args, self._clock.now()),
                "unlearn": lambda args: self._midi.unlearn(args),
            },
            heard=self._log.osc,
            wake=self._wake.set,
            clock=self._clock,
        )
        stack.callback(self._osc.close)
        if options.web_port is not None:
            self._page = self._new_page(options.web_port)
        self._midi = MidiInputs(
            options.midi,
            self.session.store,
            self._wake.set,
            self._announce,
            self._clock,
            maps=LearnedMaps(None, self._announce, self._wake.set),
            tell=self._tell_of_learning,
            heard=self._log.midi,
        )
        stack.callback(self._midi.close)
        self._clock_out = clock_sender(options.clock_out, self.session.timeline, self._clock_news.append)
        if self._clock_out:
            stack.callback(self._clock_out.close)
        stack.callback(self.session.transport.close)
        self._inputs = AudioInputs(self._announce, self._wake.set)
        stack.callback(self._inputs.close)
        stack.callback(self._files.close)
        stack.callback(self._background.close)
        stack.callback(self._watch.close)
        stack.callback(self._end_children)

    def run(self) -> None:
        """The control loop."""
        remembered = self._memory.taken()
        if remembered:
            self._take_over(remembered, self._clock.now())
        else:
            self._player.start(self._clock.now())
        self._log.player_starts(self._clock.now(), *reversed(self._player.files))
        if not remembered:
            self._load_preset()
        while not self._told_to_stop():
            self._wake.wait(TURN_S)
            self._wake.clear()
            self._turn(self._clock.now())
            if self._over():
                break
        self._player.finish(FINISH_TIMEOUT_S)

    def _told_to_stop(self) -> bool:
        return self._keeper.closed or any(isinstance(message, Stop) for message in self._keeper.receive())

    def _take_over(self, remembered: Remembered, now: float) -> None:
        """Goes on where the control before was cut off; the player has played on."""
        kill(remembered.worker_pid)  # it ends by itself, unless it was stopped
        self._worker_starts = remembered.worker_starts
        self.session.take_over(remembered.session, now)
        self._osc.router.feedback.resume(remembered.subscribers, self.session.store.snapshot())
        self._player.take_over(remembered.seat, now)
        self._announce("control ended and was started again; the sound went on")

    def _tell_keeper(self, now: float) -> None:
        worker_pid = (self._worker.pid if self._worker else None) or 0
        if now - self._alive_at >= ALIVE_S:
            self._alive_at = now
            recording = self.session.report.recording if self.session.report else None
            pids = (self._player.pid, worker_pid, self._page.pid if self._page else None)
            self._keeper.send(Alive(self._opened is not None, tuple(pid for pid in pids if pid), recording))
        seat = self._player.seat()
        if self._opened and seat and now - self._kept_at >= KEEP_S:
            self._kept_at = now
            self._memory.give(
                Remembered(
                    seat,
                    self.session.memory,
                    self._osc.router.feedback.subscribers,
                    worker_pid,
                    self._worker.starts if self._worker else 0,
                )
            )

    def status(self) -> dict[str, Any]:
        """What `/riffsynth/status` answers."""
        worker = self._worker
        processes = Processes(
            worker_pid=(worker.pid if worker else None) or 0,
            worker_starts=worker.starts if worker else 0,
            control_pid=os.getpid(),
            control_starts=self._starts,
            player_pid=self._player.pid or 0,
            player_starts=self._player.starts,
        )
        return status(self.session, self._opened, processes, self._clock.now())

    def _turn(self, now: float) -> None:
        if self._osc.poll():
            self._wake.set()
        if self.session.preset:
            self._midi.bind(self.session.preset.midi)
        self._midi.poll(now)
        for clock_message in self._midi.clock_messages():
            self._log.clock(clock_message)
            self.session.on_clock(clock_message)
        self._background.poll()
        if self._opened:
            self.session.mover.levels_db.update(self._inputs.poll(now, self.session.mover.inputs))
        for read in self._files.finished():
            self.session.on_file(read, now)
        for message in self._player.receive(now):
            if self._page:
                self._page.mirror(message)
            if isinstance(message, Opened):
                self._open(message, now)
            self._log.from_player(message, now)
            self.session.on_player(message, now)
        if self._listener:
            for heard in self._listener.receive():
                self.session.on_listener(heard)
        if self._worker:
            for message in self._worker.receive():
                self._tell(message)
                self._log.from_worker(message, now)
                self.session.on_worker(message, now)
        self._supervise(now)
        self.session.step(now)
        self._tell_keeper(now)
        if self._page:
            self._page.turn(now)
        if self._clock_out:
            self._clock_out.timeline = self.session.timeline
        if self._log.failure:
            self._announce(f"the session's log ended: {self._log.failure}")
            self._log.close()
        while self._clock_news:
            self._announce(self._clock_news.popleft())
        if now - self._clock_told >= CLOCK_STATUS_S:
            self._clock_told = now
            self._tell_clock(self.session.clock_status(now), self.session.timeline.beat_at(now))
        if self._opened and self._terminal.due():
            reached = f"OSC on {self._options.osc_host}:{self._osc.server.port}"
            self._terminal.show(screen(self.session, self._opened, self._work, reached, now))

    def _open(self, opened: Opened, now: float) -> None:
        first = self._opened is None
        self._opened = opened
        if first and self._last_warning:
            self._announce(self._last_warning)
        self._terminal.line(
            f"playing on {opened.output} at {opened.sample_rate} Hz, {1000 * opened.latency_s:.0f} ms; "
            f"OSC on {self._options.osc_host}:{self._osc.server.port}"
        )
        if first:
            for note in self._osc.notes:
                self._terminal.line(note)
            self._files.open(opened.sample_rate)
            config = WorkerConfig(
                model=self._options.model or self._preset.model,
                device=self._options.device,
                sample_rate=opened.sample_rate,
                workers=self._options.workers,
                token=self._options.token,
            )
            self._worker = Child(
                "worker", partial(start_worker, config, self._wake.set), WORKER_SILENT_S, WORKER_LOADING_S
            )
            self._worker.starts = self._worker_starts
            self._worker.start(now)
            if self._page:
                self._page.start(now)

    def _supervise(self, now: float) -> None:
        if self._player.lost(now, self._last_warning):
            self._announce("the player ended; it is started again")
        if self._player.fresh(now):
            self._log.player_starts(now, *reversed(self._player.files))
            self.session.on_fresh_player(now)
        if self._worker and (self._worker.hung(now) or self.session.conductor.overdue(now)):
            self._announce("the model's process hangs")
            self._worker.kill()
            self.session.conductor.on_worker_lost()
        if self._worker and self._worker.lost(now):
            self._announce("the model's process ended; the sound goes on, and it is started again")
            self._osc.announce("worker", "lost")
            self.session.conductor.on_worker_lost()
        if self._worker:
            self._worker.revive(now)
        if self._listener:
            self._listener.lost(now)
            self._listener.revive(now)

    def _tell(self, message: Any) -> None:
        if isinstance(message, WorkerAlive):
            return
        self._work = ("", 0.0)
        if isinstance(message, Loading):
            self._work = (message.text, message.fraction)
            self._terminal.progress(message.text, message.fraction)
        elif isinstance(message, Progress):
            self._work = (f"step {message.step} of {message.steps}", message.step / message.steps)
        elif isinstance(message, Ready):
            self._terminal.line(f"{message.model} is ready on {message.device}")
            self._osc.announce("worker", "ready")
            if self._worker:
                self._worker.ready = True
        elif isinstance(message, Failed) and message.id is None and self._worker:
            self._worker.abandon()

    def _tell_of_learning(self, name: str, parameter: str, state: str, *sentences: str) -> None:
        for sentence in sentences:
            self._terminal.line(f"{name} {parameter}: {sentence}")
        self._osc.announce(name, parameter, state, *sentences)

    def _tell_clock(self, clock: ClockStatus, beat: float) -> None:
        self._osc.announce(
            "clock_status", clock.source, clock.state, clock.tempo, clock.phase_error_ms, clock.jitter_ms, beat
        )
        if self._opened:
            self._terminal.clock(f"{clock.source} {clock.state}".lstrip(), clock.line())

    def _to_player(self, message: ToPlayer) -> None:
        self._player.send(message)
        if self._page:
            self._page.mirror(message)

    def _listen(self, message: Listen) -> None:
        """The listener is started when it is first needed."""
        if self._listener is None and self._opened:
            config = ListenerConfig(self._options.input, self._opened.sample_rate)
            self._listener = Child("listener", partial(start_listener, config, self._wake.set))
            self._listener.start(self._clock.now())
        if self._listener:
            self._listener.send(message)

    def _to_worker(self, message: Any) -> None:
        if self._worker:
            self._log.to_worker(message, self._clock.now())
            self._worker.send(message)

    def _announce(self, text: str) -> None:
        self._last_warning = text
        if self._opened:  # before, it is either the reason not to play, or said with the first line
            self._terminal.warn(text)
        self._osc.announce("error", text)

    def _load_preset(self) -> None:
        self.session.load(self._preset, self._clock.now(), self._options.overrides())

    def _over(self) -> bool:
        report, duration = self.session.report, self._options.duration_s
        return bool(duration and report and self._opened and report.frame >= duration * self._opened.sample_rate)

    def _new_page(self, port: int) -> PageLink:
        return PageLink(
            self._options.web_host,
            port,
            self.session.store,
            self._osc,
            self._wake.set,
            self._terminal.line,
            self.status,
            lambda: self.session.conductor.sounding,
        )

    def _new_log(self, stack: ExitStack) -> SessionLog:
        path = self._options.session
        path = path and numbered(path, self._starts)
        log = SessionLog(path, self._clock.now(), lambda time: self.session.timeline.beat_at(time))
        stack.callback(log.close)
        self.session.store.listen(lambda change: log.change(change, self._clock.now()))
        return log

    def _player_config(self) -> PlayerConfig:
        options = self._options
        return PlayerConfig(
            device=options.audio,
            channels=options.channels,
            latency_ms=options.latency_ms,
            record=options.record,
            log=_player_log(options),
            share=options.web_port is not None,
        )

    def _end_children(self) -> None:
        ends: list[Callable[[], None]] = [partial(self._player.end, FINISH_TIMEOUT_S)]
        if self._listener:
            ends.append(partial(self._listener.end, 1.0))
        if self._worker:
            ends.append(partial(self._worker.end, 1.0))
        if self._page:
            ends.append(partial(self._page.end, 1.0))
        for end in ends:
            end()


def _beginning(keeper: Channel) -> Begin:
    """What the keeper says first."""
    while not keeper.closed:
        for message in keeper.receive():
            if isinstance(message, Begin):
                return message
        keeper.wait(TURN_S)
    raise RiffsynthError("the process that started the performance is gone")


def _player_log(options: PlayOptions) -> Path | None:
    return options.log or (player_log(options.session) if options.session else None)


def _check(options: PlayOptions, model: str | None) -> None:
    """Raises RiffsynthError for what can be known to fail before anything starts."""
    if options.workers:
        checked_address(options.workers)
    if model:
        local_folder(model)
    for path in (options.record, options.log, options.session):
        if path and not path.absolute().parent.is_dir():
            raise RiffsynthError(f"{path}: there is no folder {path.absolute().parent} to write it in")
