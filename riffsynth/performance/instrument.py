"""`riffsynth play`: starts the processes, wires them to the session, and keeps them alive."""

from __future__ import annotations

import math
import os
import threading
from collections import deque
from contextlib import ExitStack
from typing import Any

from riffsynth.control.clock_sender import clock_sender
from riffsynth.control.learned_maps import LearnedMaps
from riffsynth.control.midi import MidiInputs
from riffsynth.control.osc import OscControl
from riffsynth.diffusion.link import WorkerLink
from riffsynth.diffusion.worker import WorkerConfig
from riffsynth.files.readers import ThreadedReader
from riffsynth.listening.inputs import AudioInputs
from riffsynth.listening.link import ListenerLink
from riffsynth.performance.background import BackgroundThread
from riffsynth.performance.options import PlayOptions
from riffsynth.performance.session import Session
from riffsynth.performance.session_log import SessionLog, numbered
from riffsynth.performance.starting import beginning, check, player_config
from riffsynth.playback.messages import Opened, ToPlayer
from riffsynth.processes.channel import Channel
from riffsynth.processes.heap import Trimming
from riffsynth.processes.keeping import Alive, Stop
from riffsynth.processes.memory import Memory, Remembered
from riffsynth.processes.players import Players
from riffsynth.recall.file_watch import FileWatch
from riffsynth.recall.preset import load_preset
from riffsynth.status.reporting import Processes, beside, screen, status
from riffsynth.status.telling import Telling
from riffsynth.status.terminal import Terminal
from riffsynth.timing.clock import Clock, SystemClock
from riffsynth.web.link import PageLink
from riffsynth.web.takes_folder import takes_folder

TURN_S = 0.01
"""The control loop's longest sleep; news wake it before."""
FINISH_TIMEOUT_S = 3.0
ALIVE_S = 0.5
KEEP_S = 0.1
"""What happened in the last moment before control dies is forgotten."""


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
        begin = beginning(keeper)
        self._memory = Memory(keeper.send, begin.kept, begin.starts)
        self._trimming = Trimming()
        self._starts = begin.starts
        self._kept_at = self._alive_at = -math.inf
        self._telling = Telling(terminal, lambda *said: self._osc.announce(*said))
        self._clock_news: deque[str] = deque(maxlen=100)
        self._preset = load_preset(options.preset)
        check(options, options.model or self._preset.model)
        self._files = ThreadedReader(self._wake.set)
        self._background = BackgroundThread("presets", self._wake.set)
        self._watch = FileWatch(self._wake.set)
        self._worker = WorkerLink(self._telling, self._wake.set)
        self._listener = ListenerLink(options.input, self._wake.set)
        self._opened: Opened | None = None
        self._player = Players(player_config(options), self._wake.set, begin.doors)
        self._page: PageLink | None = None
        self.session = Session(
            self._clock.now(),
            self._to_player,
            self._to_worker,
            self._files,
            self._telling.warn,
            self._background,
            self._watch,
            lambda asked: self._listener.listen(asked, self._clock.now()),
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
            self._telling.warn,
            self._clock,
            maps=LearnedMaps(None, self._telling.warn, self._wake.set),
            tell=self._telling.learning,
            heard=self._log.midi,
        )
        stack.callback(self._midi.close)
        self._clock_out = clock_sender(options.clock_out, self.session.timeline, self._clock_news.append)
        if self._clock_out:
            stack.callback(self._clock_out.close)
        stack.callback(self.session.transport.close)
        self._inputs = AudioInputs(self._telling.warn, self._wake.set)
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
        self._worker.take_over(remembered.worker_pid, remembered.worker_starts)
        self.session.take_over(remembered.session, now)
        self._osc.router.feedback.resume(remembered.subscribers, self.session.store.snapshot())
        self._player.take_over(remembered.seat, now)
        self._telling.warn("control ended and was started again; the sound went on")

    def _tell_keeper(self, now: float) -> None:
        if now - self._alive_at >= ALIVE_S:
            self._alive_at = now
            recording = self.session.news.report.recording if self.session.news.report else None
            pids = (self._player.pid, self._worker.pid, self._page.pid if self._page else None)
            self._keeper.send(Alive(self._opened is not None, tuple(pid for pid in pids if pid), recording))
        seat = self._player.seat()
        if self._opened and seat and now - self._kept_at >= KEEP_S:
            self._kept_at = now
            self._memory.give(
                Remembered(
                    seat,
                    self.session.memory,
                    self._osc.router.feedback.subscribers,
                    self._worker.pid,
                    self._worker.starts,
                )
            )

    def status(self) -> dict[str, Any]:
        """What `/riffsynth/status` answers."""
        processes = Processes(
            worker_pid=self._worker.pid,
            worker_starts=self._worker.starts,
            control_pid=os.getpid(),
            control_starts=self._starts,
            player_pid=self._player.pid or 0,
            player_starts=self._player.starts,
            page_pid=(self._page.pid if self._page else None) or 0,
            page_starts=self._page.starts if self._page else 0,
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
            self.session.news.on_file(read, now)
        for message in self._player.receive(now):
            if self._page:
                self._page.mirror(message)
            if isinstance(message, Opened):
                self._open(message, now)
            self._log.from_player(message, now)
            self.session.news.on_player(message, now)
        for heard in self._listener.receive(now):
            self.session.news.on_listener(heard)
        for news in self._worker.receive():
            self._log.from_worker(news, now)
            self.session.news.on_worker(news, now)
        self._supervise(now)
        self.session.step(now)
        self._tell_keeper(now)
        self._trimming.poll(now)
        if self._page:
            self._page.turn(now)
        if self._clock_out:
            self._clock_out.timeline = self.session.timeline
        if self._log.failure:
            self._telling.warn(f"the session's log ended: {self._log.failure}")
            self._log.close()
        while self._clock_news:
            self._telling.warn(self._clock_news.popleft())
        if self._telling.clock_due(now):
            self._telling.clock(self.session.clock_status(now), self.session.timeline.beat_at(now))
        if self._opened and self._terminal.due():
            reached = f"OSC on {self._options.osc_host}:{self._osc.server.port}"
            self._terminal.show(screen(self.session, self._opened, self._worker.work, reached, now))

    def _open(self, opened: Opened, now: float) -> None:
        first = self._opened is None
        self._opened = opened
        if first:
            self._telling.begins()
        self._telling.line(
            f"playing on {opened.output} at {opened.sample_rate} Hz, {1000 * opened.latency_s:.0f} ms; "
            f"OSC on {self._options.osc_host}:{self._osc.server.port}"
        )
        if first:
            for note in self._osc.notes:
                self._telling.line(note)
            self._files.open(opened.sample_rate)
            config = WorkerConfig(
                model=self._options.model or self._preset.model,
                device=self._options.device,
                decoder=self._options.decoder,
                sample_rate=opened.sample_rate,
                workers=self._options.workers,
                token=self._options.token,
            )
            self._worker.start(config, now)
            self._listener.sample_rate = opened.sample_rate
            if self._page:
                self._page.start(now)

    def _supervise(self, now: float) -> None:
        if self._player.lost(now, self._telling.last_warning):
            self._telling.warn("the player ended; it is started again")
        if self._player.fresh(now):
            self._log.player_starts(now, *reversed(self._player.files))
            self.session.on_fresh_player(now)
        if self._worker.lost(now, self.session.conductor.overdue(now)):
            self.session.conductor.on_worker_lost()

    def _to_player(self, message: ToPlayer) -> None:
        self._player.send(message)
        if self._page:
            self._page.mirror(message)

    def _to_worker(self, message: Any) -> None:
        if self._worker.send(message):
            self._log.to_worker(message, self._clock.now())

    def _load_preset(self) -> None:
        self.session.load(self._preset, self._clock.now(), self._options.overrides())

    def _over(self) -> bool:
        report, duration = self.session.news.report, self._options.duration_s
        return bool(duration and report and self._opened and report.frame >= duration * self._opened.sample_rate)

    def _new_page(self, port: int) -> PageLink:
        return PageLink(
            self._options.web_host,
            port,
            self.session.store,
            self._osc,
            self._wake.set,
            self._telling.line,
            self.status,
            lambda: self.session.conductor.sounding,
            lambda: beside(self.session),
            takes_folder(os.getppid()),  # the keeper's: one for however often control and page are started again
        )

    def _new_log(self, stack: ExitStack) -> SessionLog:
        path = self._options.session
        path = path and numbered(path, self._starts)
        log = SessionLog(path, self._clock.now(), lambda time: self.session.timeline.beat_at(time))
        stack.callback(log.close)
        self.session.store.listen(lambda change: log.change(change, self._clock.now()))
        return log

    def _end_children(self) -> None:
        self._player.end(FINISH_TIMEOUT_S)
        for child in (self._listener, self._worker, self._page):
            if child:
                child.end(1.0)
