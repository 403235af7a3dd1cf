"""Drum kits and patterns. A pattern is one bar of sixteen sixteenths per piece; x loud, o soft, - silent."""

from __future__ import annotations

from dataclasses import dataclass

STEPS_PER_BAR = 16

# General MIDI percussion keys.
PIECES: dict[str, int] = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "hat": 42,
    "pedal": 44,
    "open": 46,
    "low tom": 43,
    "high tom": 50,
    "crash": 49,
    "ride": 51,
    "tambourine": 54,
    "cowbell": 56,
    "high bongo": 60,
    "low bongo": 61,
    "high conga": 63,
    "low conga": 64,
    "shaker": 70,
    "clave": 75,
}


@dataclass(frozen=True, slots=True)
class Kit:
    """One drum preset of the sound font (bank 128)."""

    name: str
    program: int
    words: tuple[str, ...]


KITS = (
    Kit("acoustic", 0, ("acoustic drums", "drum kit", "live drums")),
    Kit("room", 8, ("roomy drums", "acoustic drums", "drum kit")),
    Kit("power", 16, ("big drums", "rock drums", "power drums")),
    Kit("electronic", 24, ("electronic drums", "synth drums", "drum machine")),
    Kit("808", 25, ("808 drums", "808", "drum machine", "tr-808")),
    Kit("jazz", 32, ("jazz drums", "jazz kit", "soft drums")),
    Kit("brush", 40, ("brushes", "brushed drums", "brush kit")),
)
KIT_BY_NAME = {kit.name: kit for kit in KITS}


@dataclass(frozen=True, slots=True)
class Groove:
    """One named drum pattern; `kick_words` name the kick alone, `words` the whole beat."""

    name: str
    words: tuple[str, ...]
    kick_words: tuple[str, ...]
    rows: dict[str, str]


def _g(name: str, words: str, kick_words: str, **rows: str) -> Groove:
    table = {piece.replace("_", " "): row for piece, row in rows.items()}
    for piece, row in table.items():
        assert piece in PIECES and len(row) == STEPS_PER_BAR, (name, piece)
    return Groove(name, _words(words), _words(kick_words), table)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


FOUR_WORDS = "four on the floor, 4 on the floor, four-on-the-floor"
GROOVES = (
    _g(
        "four on the floor",
        f"{FOUR_WORDS}, four to the floor",
        "four on the floor kick, 4 on the floor kick drum, four-on-the-floor kick, straight kick on every beat",
        kick="x---x---x---x---",
        clap="----x-------x---",
        open="--x---x---x---x-",
        hat="x---x---x---x---",
    ),
    _g(
        "techno",
        f"techno beat, {FOUR_WORDS}, driving techno drums",
        "techno kick, pounding kick, four on the floor kick",
        kick="x---x---x---x---",
        hat="xoxoxoxoxoxoxoxo",
        open="--x---x---x---x-",
        rim="---o--o----o--o-",
    ),
    _g(
        "disco",
        f"disco beat, disco drums, {FOUR_WORDS}",
        "disco kick, four on the floor kick",
        kick="x---x---x---x---",
        snare="----x-------x---",
        hat="xox-xox-xox-xox-",
        open="--x---x---x---x-",
        tambourine="o-o-o-o-o-o-o-o-",
    ),
    _g(
        "rock",
        "rock beat, rock drums, straight rock beat",
        "rock kick, kick on one and three",
        kick="x-------x-x-----",
        snare="----x-------x---",
        hat="x-x-x-x-x-x-x-x-",
    ),
    _g(
        "hard rock",
        "hard rock beat, heavy rock drums, pounding drums",
        "heavy rock kick",
        kick="x--x----x-x-----",
        snare="----x-------x---",
        ride="x---x---x---x---",
        crash="x---------------",
    ),
    _g(
        "boom bap",
        "boom bap, hip hop beat, hip-hop drums",
        "boom bap kick, hip hop kick",
        kick="x------x--x-----",
        snare="----x-------x---",
        hat="x-x-x-x-x-x-x-x-",
    ),
    _g(
        "trap",
        "trap beat, trap drums, rolling hi-hats",
        "trap kick, syncopated kick",
        kick="x-----x---x-----",
        clap="--------x-------",
        hat="xoxoxoxoxoxxxoxo",
    ),
    _g(
        "funk",
        "funk beat, funky drums, syncopated drums",
        "funky kick, syncopated kick",
        kick="x-x----x--x--x--",
        snare="----x--o-o--x--o",
        hat="xoxoxoxoxoxoxoxo",
    ),
    _g(
        "breakbeat",
        "breakbeat, break beat, jungle break, drum and bass beat",
        "breakbeat kick, broken kick",
        kick="x-x-------xx----",
        snare="----x--o-o--x---",
        hat="x-x-x-x-x-x-x-x-",
    ),
    _g(
        "half time",
        "half time beat, half-time drums, slow heavy beat",
        "half time kick",
        kick="x---------x-----",
        snare="--------x-------",
        hat="x-x-x-x-x-x-x-x-",
    ),
    _g(
        "one drop",
        "one drop, reggae beat, reggae drums",
        "one drop kick",
        kick="--------x-------",
        rim="--------x-------",
        hat="x-x-x-x-x-x-x-x-",
    ),
    _g(
        "steppers",
        "steppers, steppers beat, dub drums",
        "steppers kick, four on the floor kick",
        kick="x---x---x---x---",
        rim="--------x-------",
        hat="--x---x---x---x-",
    ),
    _g(
        "bossa",
        "bossa nova beat, bossa drums, latin beat",
        "bossa kick",
        kick="x--xx--xx--xx--x",
        rim="x--x--x---x--x--",
        shaker="xoxoxoxoxoxoxoxo",
    ),
    _g(
        "latin",
        "latin percussion, congas, bongos and shaker, salsa percussion",
        "latin kick",
        kick="x-----x-x-----x-",
        high_conga="x-x-x---x-x-x-x-",
        low_conga="------xx------xx",
        clave="x--x--x---x-x---",
        cowbell="x---x---x---x---",
    ),
    _g(
        "swing ride",
        "jazz beat, jazz drums, ride cymbal beat",
        "soft jazz kick",
        kick="o-------o-------",
        ride="x---x-x-x---x-x-",
        pedal="----x-------x---",
        snare="------o-------o-",
    ),
    _g(
        "ballad",
        "slow beat, ballad drums, gentle drums",
        "sparse kick, kick on one",
        kick="x---------------",
        rim="--------x-------",
        hat="x---x---x---x---",
    ),
    _g(
        "tribal",
        "tribal drums, toms, tom pattern",
        "tribal kick",
        kick="x---x---x---x---",
        low_tom="x--x--x---x--x--",
        high_tom="--x-----x-----xx",
    ),
)
GROOVE_BY_NAME = {groove.name: groove for groove in GROOVES}

# What may be heard of a groove: everything, or some pieces of it; the words say which.
SELECTIONS: dict[str, tuple[str, ...] | None] = {
    "full": None,
    "kick": ("kick",),
    "kick and snare": ("kick", "snare", "clap", "rim"),
    "hats": ("hat", "open", "ride", "shaker", "pedal"),
    "snare": ("snare", "clap", "rim"),
    "no kick": ("snare", "clap", "rim", "hat", "open", "ride", "shaker", "high conga", "low conga", "clave", "cowbell"),
}
