"""Follows ticks: says when each was meant, and sees through lost, doubled, late and senseless ones."""

from __future__ import annotations

import math
from collections import deque

from riffsynth.timing.dll import DelayLockedLoop
from riffsynth.timing.musical import TEMPO_RANGE
from riffsynth.timing.tick_fits import BEND_TICKS, fit_line, tempo_step
from riffsynth.timing.tick_jitter import TickJitter

TICKS_PER_BEAT = 24
PERIOD_RANGE_S = (60.0 / TEMPO_RANGE[1] / TICKS_PER_BEAT, 60.0 / TEMPO_RANGE[0] / TICKS_PER_BEAT)

NARROW_TICKS = 192.0
"""Memory of the loop at rest, in ticks: 8 beats."""
WIDE_TICKS = 8.0
"""Memory while the tempo moves, at the least."""
SMOOTHING_TICKS = 12.0
"""Over which errors are averaged to see whether the ticks come late or early on the whole."""
TOLERANCE_S = 0.0007
TOLERANCE_DEVIATIONS = 3.0
"""The loop widens when the averaged error is above TOLERANCE_S and above this many of its standard deviations."""

LEAST_JITTER_S = 0.0003
SURPRISING = 2.5
"""Deviations: a tick further off than this may be the first of a step."""
STRAYS = 3
"""Ticks in a row far off the line that end following it: ticks were lost or doubled, or the tempo is another."""
FIRST_TICKS = 4
"""The fewest ticks that find a known tempo again; without one, the first two give a guess."""
NEW_TEMPO_TICKS = 12
"""The fewest ticks that overrule a tempo that is known."""
STEADY = 0.2
STEADY_S = 0.0035
UNSTEADY = 0.42
"""Ticks are no clock if they lie further off any straight line than STEADY of their distance and than STEADY_S, or if
their jitter is more than UNSTEADY of it; at 300 beats a minute 3 ms, which is ordinary, is more than a third."""
ROUGH = 0.6
ROUGH_S = 0.0075
ROUGH_TICKS = 24
LONG_TICKS = 96
"""Ticks that leave at the ends of large blocks of sound lie as far off a line as chance ticks for a while, but no more
so in the long run: a line through LONG_TICKS of them is followed if they are within ROUGH of their distance, or within
ROUGH_S (1024 frames at 44.1 kHz). ROUGH_TICKS do while little has been heard."""
SAME_TEMPO = 0.02
WHOLE_TICK = 0.25
"""How near to a whole number of ticks a shift is one."""
SURE_TICKS = 24.0
"""A line of fewer ticks may be wrong by a tick itself."""
RARELY_TICKS = 384
"""Ticks lost or doubled more often than this, every time the same, were none: the sender's tempo is another."""
SILENT_S = 0.3
SILENT_TICKS = 4.0
"""No tick for this long, the larger of the two: the clock is lost, and how many ticks were missed cannot be counted."""


class TickLoop:
    """Ticks in, a line of tick numbers over time out. The numbers count on from 0; a lost tick is counted too."""

    def __init__(self, period: float) -> None:
        """`period` (s) between ticks is assumed until ticks have shown theirs."""
        self._line = DelayLockedLoop(0.0, 0.0, period, NARROW_TICKS)
        self.number = -1
        """Of the latest tick."""
        self.following = False
        """The latest ticks steer the line; false while there are too few, or while they make no sense."""
        self.problem = ""
        self._counted = True
        """The numbers are those of the sender: no tick was missed for long, or senseless."""
        self._refused = 0
        """How often in a row as many ticks as should give a tempo gave none."""
        self._recent: deque[float] = deque(maxlen=NEW_TEMPO_TICKS)
        """Ticks that the line does not rest on: all while not following, else the last strays."""
        self._last: deque[float] = deque(maxlen=LONG_TICKS)
        """Times of the latest ticks, no long silence between them."""
        self._errors: deque[float] = deque(maxlen=8)
        """Of the latest ticks, against the line as it stood."""
        self._steady: deque[float] = deque(maxlen=BEND_TICKS)
        """Times of the latest ticks in a row that have steered the line, none of them far off."""
        self._bend: DelayLockedLoop | None = None
        """In place of the line, while the tempo is seen to move."""
        self._error = 0.0
        self._jitter = TickJitter()
        self._square = 0.0
        """Mean square of the latest errors (s^2)."""
        self._blocks_s = 0.0
        """How far ticks that come in blocks are off the line; slow waves of that size are theirs, not the tempo's."""
        self._slipped_at = -LONG_TICKS
        self._rough = False
        """Ticks have left the line twice within LONG_TICKS: a few that look clean are not to be trusted."""
        self._shift, self._shifted_at = 0, 0
        """Ticks lately counted as lost (or doubled, negative), and the number at which."""

    # What it knows

    @property
    def _told(self) -> DelayLockedLoop:
        return self._bend or self._line

    @property
    def period(self) -> float:
        return self._told.period

    @property
    def known(self) -> bool:
        """Enough ticks have shown a tempo for it to be held against others."""
        return self._line.period_memory > FIRST_TICKS

    @property
    def memory(self) -> float:
        """Ticks that the line rests on."""
        return self._told.phase_memory

    @property
    def error_s(self) -> float:
        """Mean lateness of the latest ticks."""
        return self._error

    @property
    def jitter_s(self) -> float:
        """Standard deviation of single ticks."""
        return self._jitter.usual_s

    def time_of(self, number: float) -> float:
        return self._told.time_of(number)

    def silent(self, now: float) -> bool:
        """No tick for so long that the clock is lost."""
        return not self._last or now - self._last[-1] > max(SILENT_S, SILENT_TICKS * self.period)

    # What it is told

    def rephase(self) -> None:
        """The latest tick is on time, whatever was expected; the tempo stays."""
        line = self._line
        line.position, line.time, line.phase_memory = float(self.number), self._last[-1], 1.0
        self._error = 0.0
        self._counted = True
        self._recent.clear()
        self._errors.clear()
        self._forget_bend()
        if not self.following:
            self._recent.append(self._last[-1])

    def tick(self, time: float) -> None:
        """A tick arrived at `time` (s), no earlier than the one before."""
        if self._last and self.silent(time):
            self._lose()
        self.number += 1
        if self.number == 0:
            self._line.time = time
        self._last.append(time)
        self._jitter.hear(self._last, self.period, calm=not self._recent)
        if self.following:
            self._follow(time)
        else:
            self._recent.append(time)
            self._acquire()

    def _lose(self) -> None:
        self.following = self._counted = False
        self._recent.clear()
        self._last.clear()
        self._errors.clear()

    # Following

    def _follow(self, time: float) -> None:
        error = time - self._line.time_of(self.number)
        self._errors.append(error)
        step = self._tempo_step()
        if step is not None:
            ticks, change = step
            spread = math.sqrt(self._square)
            self._restart(
                self._line.time_of(self.number) + ticks * change, self._line.period + change, ticks + 1.0, spread
            )
        elif abs(error) > max(0.5 * self.period, 4.0 * self.jitter_s, 2.5 * math.sqrt(self._square)):
            self._recent.append(time)
            self._forget_bend()
            if len(self._recent) == STRAYS:
                self.following = False
                self._jitter.forget_strays()
                self._rough = self.number - self._slipped_at < LONG_TICKS
                self._slipped_at = self.number
        else:
            self._recent.clear()
            self._steady.append(time)
            self._line.update(self.number, time)
            self._square += (error**2 - self._square) / 64
            self._adapt(error)
            self._bend = self._bent()
            self.problem = ""

    def _tempo_step(self) -> tuple[int, float] | None:
        if self._line.period_memory < SURE_TICKS / 2 or not self._surprised:
            return None
        found = tempo_step(list(self._errors), self._line.period, self.jitter_s, self._worst)
        if found is None or not PERIOD_RANGE_S[0] <= self._line.period + found[1] <= PERIOD_RANGE_S[1]:
            return None
        return found

    @property
    def _worst(self) -> float:
        """A deviation that takes in whatever has happened lately."""
        return max(self._jitter.now_s, math.sqrt(self._square), LEAST_JITTER_S)

    @property
    def _surprised(self) -> bool:
        """The latest tick is further off than jitter as a rule."""
        return abs(self._errors[-1]) >= SURPRISING * self._worst

    def _adapt(self, error: float) -> None:
        """Errors that average out are jitter; where they do not, the tempo moves and the memory is too long."""
        self._error += (error - self._error) / SMOOTHING_TICKS
        tolerance = max(TOLERANCE_S, TOLERANCE_DEVIATIONS * self._jitter.now_s / math.sqrt(2 * SMOOTHING_TICKS - 1))
        tolerance = max(tolerance, 1.5 * self._blocks_s)
        if abs(self._error) > tolerance:
            self._line.forget(max(WIDE_TICKS, self._line.phase_memory * tolerance / abs(self._error)))

    def _bent(self) -> DelayLockedLoop | None:
        """The line that the next ticks keep to if the latest are seen to bend. (Ticks in blocks come in waves.)"""
        from riffsynth.timing.tick_bends import tempo_bend  # numpy's, without which `doctor` starts

        if len(self._steady) < BEND_TICKS or self._blocks_s or self._surprised:
            return None
        bend = tempo_bend(self._steady, max(self.jitter_s, LEAST_JITTER_S))
        if bend is None or not PERIOD_RANGE_S[0] <= bend.period <= PERIOD_RANGE_S[1]:
            return None
        return DelayLockedLoop(float(self.number), bend.time, bend.period, NARROW_TICKS, bend.memory)

    def _forget_bend(self) -> None:
        self._steady.clear()
        self._bend = None

    def _restart(self, time: float, period: float, memory: float, spread: float) -> None:
        """The latest tick was meant at `time`, and a new line goes on from there; ticks are `spread` (s) off it."""
        self._square, self._blocks_s = spread**2, 0.0
        self._line = DelayLockedLoop(float(self.number), time, period, NARROW_TICKS, memory)
        self._error, self._refused = 0.0, 0
        self._recent.clear()
        self._errors.clear()
        self._forget_bend()
        self.following = self._counted = True

    # Acquiring

    def _acquire(self) -> None:
        """Starts to follow once the recent ticks lie on a line that can be a tempo."""
        count = len(self._recent)
        if count < self._enough() or (self._rough and self._acquire_rough()):
            return
        period, middle, deviation = fit_line(self._recent)
        if not PERIOD_RANGE_S[0] <= period <= PERIOD_RANGE_S[1]:
            if not self.known and self._acquire_rough():
                return
            self._refuse(f"clock ticks at {60 / max(period, 1e-6) / TICKS_PER_BEAT:.0f} bpm")
            return
        if deviation > max(STEADY * period, STEADY_S) or self.jitter_s > UNSTEADY * period:
            if not self._acquire_rough():
                self._refuse("clock ticks are irregular")
            return
        last = middle + period * (count - 1) / 2
        memory = float(count)
        if self.known:
            doubt = self.jitter_s * math.sqrt(12 / count**3) / self.period
            if doubt > SAME_TEMPO and count < NEW_TEMPO_TICKS:
                return
            if abs(period / self.period - 1) < max(SAME_TEMPO, 3 * doubt):
                self._renumber(last)
                period, memory = self.period, max(memory, 16.0)
            elif count < NEW_TEMPO_TICKS:
                return
        if not self._counted:
            self.number = round(self._line.position_at(last))
        self._restart(last, period, memory, deviation)

    def _enough(self) -> int:
        """How many ticks may give a tempo."""
        if not self.known:
            return 2
        return NEW_TEMPO_TICKS if self._rough else FIRST_TICKS

    def _acquire_rough(self) -> bool:
        """Follows ticks that only many of them together show to be a tempo."""
        count = len(self._last)
        if count < (ROUGH_TICKS if self.number < 2 * LONG_TICKS else LONG_TICKS):
            return False
        period, middle, deviation = fit_line(self._last)
        if not PERIOD_RANGE_S[0] <= period <= PERIOD_RANGE_S[1] or deviation > max(ROUGH * period, ROUGH_S):
            return False
        last = middle + period * (count - 1) / 2
        if not self._counted:
            self.number = round(self._line.position_at(last))
        else:
            self._take_shift_back()
        self._restart(last, period, float(count), deviation)
        self._blocks_s = deviation
        return True

    def _renumber(self, last: float) -> None:
        """Ticks in the known tempo, but a whole tick or more off: so many were lost or came twice."""
        off = (last - self.time_of(self.number)) / self.period
        ticks = round(off)
        doubt = self.jitter_s * 2 * math.sqrt(1 / len(self._recent) + 1 / self.memory) / self.period
        if (
            ticks
            and abs(off - ticks) < WHOLE_TICK
            and doubt < 0.5 * WHOLE_TICK
            and self._line.period_memory >= SURE_TICKS
        ):
            if self._shift * ticks > 0 and self._take_shift_back():
                return
            self.number += ticks
            self._shift, self._shifted_at = ticks, self.number
            self.problem = f"{abs(ticks)} clock tick(s) {'lost' if ticks > 0 else 'too many'}"

    def _take_shift_back(self) -> bool:
        """What was lately taken for lost or doubled ticks was none."""
        if not self._shift or self.number - self._shifted_at >= RARELY_TICKS:
            return False
        self.number, self._shift = self.number - self._shift, 0
        return True

    def _refuse(self, problem: str) -> None:
        """While a few ticks may mislead, many that make no sense cannot even be counted, once there was a line."""
        self.problem = problem
        self._refused += len(self._recent) == NEW_TEMPO_TICKS
        if self._refused >= NEW_TEMPO_TICKS and self.known:
            self._counted = False
