"""What was measured, against what was asked, as tables in docs/model.md."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from training.listener import PARTS

PAGE = Path(__file__).parent.parent / "docs" / "model.md"
FIGURES_BEGIN, FIGURES_END = "<!-- figures: written by training.evaluate -->", "<!-- end of figures -->"

Figures = Mapping[str, Mapping[str, float]]
"""The figures of each section of training.evaluate."""


Place = tuple[str, ...]
"""A section, and the figure in it; of several figures their mean."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is asked of the model: a figure, or what part it is of another, and the range it must lie in."""

    name: str
    figure: Place
    of: Place | None = None
    at_least: float = float("-inf")
    at_most: float = float("inf")

    def row(self, figures: Figures) -> str:
        """Raises KeyError where a figure is missing, ZeroDivisionError where it is part of nothing."""
        value = _mean(figures, self.figure) / (_mean(figures, self.of) if self.of else 1)
        asked = " to ".join([f"{limit:g}" for limit in (self.at_least, self.at_most) if abs(limit) != float("inf")])
        word = "" if " to " in asked else ("at least " if self.at_most == float("inf") else "at most ")
        holds = self.at_least <= value <= self.at_most
        return f"| {self.name} | {word}{asked} | {value:.3g} | {'yes' if holds else '**no**'} |"


def _mean(figures: Figures, place: Place) -> float:
    section, *names = place
    return sum(figures[section][name] for name in names) / len(names)


_LEAD = ("lead alone", "lead in a mix")
_CAN_BE_ABSENT = ("drums", "bass")

LINES = (
    *(Line(f"real clips: {part} heard", ("ceiling", f"{part} present"), at_least=0.95) for part in _CAN_BE_ABSENT),
    Line("real clips: lead instrument", ("ceiling", *_LEAD), at_least=0.85),
    *(
        Line(
            f"{part} as prompted, of real clips",
            ("parts", f"{part} right"),
            ("ceiling", f"{part} present"),
            at_least=0.9,
        )
        for part in PARTS
    ),
    *(
        Line(
            f'"no {part}" obeyed, of real clips',
            ("parts", f"no {part}, silent"),
            ("ceiling", f"{part} present"),
            at_least=0.9,
        )
        for part in _CAN_BE_ABSENT
    ),
    Line("density, of real clips", ("density", "density"), ("ceiling", "sparse or busy"), at_least=0.9),
    Line("style, of real clips", ("styles", "style"), ("ceiling", "style"), at_least=0.9),
    Line("lead instrument, of real clips", ("leads", *_LEAD), ("ceiling", *_LEAD), at_least=0.8),
    Line("key (tonic), of real clips", ("key", "tonic"), ("ceiling", "tonic"), at_least=0.7),
    Line("unseen words for leads, of real clips", ("unseen", "lead family"), ("ceiling", "lead family"), at_least=0.6),
    Line("unseen words for styles, of real clips", ("unseen", "style"), ("ceiling", "style"), at_least=0.6),
    Line(
        "unseen words for leads, of the family heard for known ones",
        ("unseen", "lead family"),
        ("leads", "lead family alone"),
        at_least=0.6,
    ),
    Line(
        "unseen words for styles, of the style heard for known ones",
        ("unseen", "style"),
        ("styles", "style"),
        at_least=0.6,
    ),
    Line(
        "Fréchet distance, of that between halves of real clips",
        ("likeness", "frechet, generated to real"),
        ("likeness", "frechet, real to real"),
        at_most=1.5,
    ),
    Line(
        "diversity over seeds, of real clips",
        ("diversity", "over seeds, generated"),
        ("diversity", "over seeds, real"),
        at_least=0.7,
    ),
    Line(
        "sharpness of the spectrograms, of real clips",
        ("likeness", "roughness, generated"),
        ("likeness", "roughness, real"),
        at_least=0.85,
        at_most=1.15,
    ),
    Line(
        "sharpness as it is heard, of real clips through the same synthesis",
        ("likeness", "roughness synthesised, generated"),
        ("likeness", "roughness synthesised, real"),
        at_least=0.85,
        at_most=1.15,
    ),
    Line("step at the seam, of that between the bars", ("likeness", "seam, generated"), at_most=1.0),
    *(Line(f"kick on the beat, {n} steps", ("kick", f"on the beat, {n} steps"), at_least=0.95) for n in (1, 2, 4, 8)),
    Line("strength: rank correlation", ("strength", "rank correlation"), at_most=-0.95),
    Line("strength: largest tenth of the change", ("strength", "largest tenth"), at_most=0.25),
    Line("alpha: smallest tenth of the way (monotone above 0)", ("alpha", "smallest tenth"), at_least=0.0),
    Line("alpha: least change within 0.3", ("alpha", "least change in 0.3"), at_least=0.03),
    Line("odd prompts that give a sound", ("odd", "sounds"), ("odd", "asked"), at_least=1.0),
    Line("seconds a clip, median", ("speed", "median_s"), at_most=0.25),
    Line("seconds a clip while playing, median", ("speed", "while_playing_median_s"), at_most=0.4),
    Line("underruns while playing", ("speed", "underruns_while_playing"), at_most=0.0),
    Line("peak memory of the worker in MB", ("speed", "peak_memory_mb"), at_most=1500.0),
    Line("weights in MiB", ("size", "MiB"), at_most=32.0),
)


def tables(figures: Figures, steps: int, guidance: float) -> str:
    """All of it as Markdown. Sections that were not measured leave their lines out, and are named."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    head = f"Measured {date.today()} at commit {commit}: {steps} steps, guidance {guidance:g}."
    rows = ["| what | asked | measured | holds |", "|---|---|---|---|"]
    missing = []
    for line in LINES:
        try:
            rows.append(line.row(figures))
        except (KeyError, ZeroDivisionError):
            missing.append(line.name)
    if missing:
        head += f" Not measured: {', '.join(missing)}."
    by_steps = _by_steps(figures.get("steps", {}))
    rest = [
        f"| {section}: {name} | {value:.3g} |"
        for section, values in figures.items()
        if section != "steps"
        for name, value in values.items()
    ]
    everything = "\n".join(["| figure | value |", "|---|---|", *rest])
    return "\n\n".join([head, "\n".join(rows), *by_steps, "### All figures", everything]) + "\n"


def _by_steps(figures: Mapping[str, float]) -> list[str]:
    if not figures:
        return []
    cells: dict[str, dict[str, float]] = {}
    for name, value in figures.items():
        what, count = name.rsplit(", ", 1)
        cells.setdefault(count, {})[what] = value
    names = list(next(iter(cells.values())))
    rows = [f"| steps | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    rows += [f"| {c.split()[0]} | {' | '.join(f'{v[n]:.3g}' for n in names)} |" for c, v in cells.items()]
    return ["### By number of steps", "\n".join(rows)]


def write(text: str) -> None:
    """Put the tables between their two marks in docs/model.md."""
    page = PAGE.read_text()
    before, rest = page.split(FIGURES_BEGIN)
    _, after = rest.split(FIGURES_END)
    PAGE.write_text(f"{before}{FIGURES_BEGIN}\n{text}{FIGURES_END}{after}")
