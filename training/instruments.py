"""The instruments of the sound font, by role, with the words that people use for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instrument:
    """One program of the General MIDI set, played between the MIDI keys `low` and `high`."""

    name: str
    program: int
    low: int
    high: int
    words: tuple[str, ...]
    weight: float = 1.0
    """How often it is drawn against the others of its role."""


def _i(name: str, program: int, low: int, high: int, words: str = "", weight: float = 1.0) -> Instrument:
    return Instrument(name, program, low, high, (name, *(w.strip() for w in words.split(",") if w.strip())), weight)


BASSES = (
    _i("acoustic bass", 32, 28, 48, "upright bass, double bass, walking bass", 2),
    _i("electric bass", 33, 28, 48, "fingered bass, bass guitar, finger bass", 3),
    _i("picked bass", 34, 28, 48, "pick bass, rock bass", 1),
    _i("fretless bass", 35, 28, 48, "fretless bass guitar", 1),
    _i("slap bass", 36, 28, 48, "slapped bass, funk bass", 1.5),
    _i("synth bass", 38, 28, 48, "synthesizer bass, electronic bass, analog bass", 2.5),
    _i("deep synth bass", 39, 28, 46, "sub bass, deep bass", 1.5),
)

KEYS = (
    _i("piano", 0, 48, 79, "grand piano, acoustic piano, pianoforte", 6),
    _i("bright piano", 1, 48, 79, "bright grand piano, upright piano", 1),
    _i("honky tonk piano", 3, 48, 79, "honky-tonk, saloon piano", 0.7),
    _i("electric piano", 4, 48, 79, "rhodes, rhodes piano, e-piano, fender rhodes", 3),
    _i("wurlitzer", 5, 48, 79, "fm electric piano, dx electric piano", 0.8),
    _i("harpsichord", 6, 48, 79, "cembalo, baroque keyboard", 1),
    _i("clavinet", 7, 45, 74, "clav, funky clavinet", 1),
    _i("organ", 16, 48, 77, "hammond organ, drawbar organ, hammond", 2.5),
    _i("rock organ", 18, 48, 77, "leslie organ, overdriven organ", 0.8),
    _i("church organ", 19, 45, 77, "pipe organ, cathedral organ", 1),
    _i("accordion", 21, 50, 79, "squeezebox, musette", 1),
    _i("acoustic guitar", 25, 45, 74, "steel string guitar, strummed guitar, folk guitar", 1.5),
    _i("nylon guitar", 24, 45, 74, "classical guitar, spanish guitar, bossa guitar", 1),
    _i("electric guitar", 27, 45, 74, "clean guitar, clean electric guitar, guitar chords", 1.5),
    _i("distorted guitar", 30, 40, 67, "distortion guitar, heavy guitar, metal guitar, power chords", 1),
    _i("harp", 46, 48, 84, "harp arpeggios", 0.8),
    _i("synth stab", 90, 48, 77, "polysynth, synth chords, synth keys", 1.5),
)

LEADS = (
    _i("synth lead", 81, 57, 86, "saw lead, sawtooth lead, lead synth, synthesizer lead", 3),
    _i("square lead", 80, 57, 86, "square wave lead, chiptune lead, 8-bit lead", 1.5),
    _i("trumpet", 56, 57, 82, "trumpet solo", 1.5),
    _i("muted trumpet", 59, 57, 82, "harmon mute trumpet", 0.6),
    _i("trombone", 57, 46, 70, "slide trombone", 0.8),
    _i("tuba", 58, 34, 55, "oompah tuba", 0.7),
    _i("french horn", 60, 46, 72, "horn", 0.7),
    _i("alto saxophone", 65, 55, 80, "saxophone, sax, alto sax", 1.5),
    _i("tenor saxophone", 66, 48, 74, "tenor sax", 0.8),
    _i("soprano saxophone", 64, 60, 84, "soprano sax", 0.5),
    _i("flute", 73, 62, 91, "transverse flute", 1.5),
    _i("recorder", 74, 64, 91, "block flute", 0.5),
    _i("pan flute", 75, 60, 86, "panpipes, pan pipes", 0.7),
    _i("clarinet", 71, 52, 84, "licorice stick", 1),
    _i("oboe", 68, 60, 84, "cor anglais", 0.8),
    _i("bassoon", 70, 40, 64, "fagott", 0.6),
    _i("piccolo", 72, 74, 98, "piccolo flute", 0.4),
    _i("harmonica", 22, 60, 84, "blues harp, mouth organ", 0.8),
    _i("violin", 40, 57, 90, "solo violin", 1.5),
    _i("fiddle", 110, 57, 86, "folk fiddle, country fiddle", 0.7),
    _i("viola", 41, 50, 78, "solo viola", 0.6),
    _i("cello", 42, 40, 67, "violoncello, solo cello", 1),
    _i("electric guitar solo", 29, 52, 84, "lead guitar, overdriven guitar, guitar solo", 1.2),
    _i("banjo", 105, 52, 80, "bluegrass banjo", 0.8),
    _i("sitar", 104, 52, 77, "indian sitar", 0.8),
    _i("koto", 107, 55, 82, "japanese koto", 0.6),
    _i("kalimba", 108, 60, 86, "thumb piano, mbira", 0.7),
    _i("vibraphone", 11, 57, 86, "vibes", 1),
    _i("marimba", 12, 52, 86, "wooden marimba", 1),
    _i("xylophone", 13, 65, 96, "wooden xylophone", 0.7),
    _i("glockenspiel", 9, 76, 103, "bells, metallophone", 0.8),
    _i("celesta", 8, 64, 96, "celeste", 0.5),
    _i("music box", 10, 64, 93, "toy box melody", 0.7),
    _i("tubular bells", 14, 60, 79, "chimes, church bells", 0.5),
    _i("steel drums", 114, 57, 84, "steel pan, steelpan", 0.7),
    _i("bagpipes", 109, 60, 81, "bagpipe, highland pipes", 0.5),
    _i("whistle", 78, 67, 93, "whistling, tin whistle", 0.6),
    _i("ocarina", 79, 62, 88, "clay flute", 0.4),
    _i("pizzicato strings", 45, 48, 84, "pizzicato, plucked strings", 0.8),
    _i("dulcimer", 15, 57, 84, "hammered dulcimer, santur", 0.5),
)

PADS = (
    _i("strings", 48, 48, 79, "string section, string ensemble, orchestra strings", 3),
    _i("slow strings", 49, 48, 79, "soft strings", 0.8),
    _i("synth strings", 50, 48, 79, "string machine", 1.2),
    _i("choir", 52, 50, 77, "voices, vocal choir, ahh choir, singing", 1.8),
    _i("warm pad", 89, 48, 77, "synth pad, pad, soft pad", 3),
    _i("space pad", 91, 48, 77, "space voice, ethereal pad, atmosphere", 1),
    _i("glass pad", 92, 50, 79, "bowed glass", 0.6),
    _i("sweep pad", 95, 48, 77, "sweeping pad, evolving pad", 1),
    _i("brass section", 61, 50, 77, "brass, horn section, horns", 1.5),
    _i("synth brass", 62, 50, 77, "80s brass, analog brass", 0.8),
)

BY_ROLE: dict[str, tuple[Instrument, ...]] = {"bass": BASSES, "keys": KEYS, "lead": LEADS, "pad": PADS}
BY_NAME: dict[str, Instrument] = {i.name: i for family in BY_ROLE.values() for i in family}

_FAMILIES = {
    "synth": "synth lead, square lead",
    "brass": "trumpet, muted trumpet, trombone, tuba, french horn",
    "saxophone": "alto saxophone, tenor saxophone, soprano saxophone",
    "flute": "flute, recorder, pan flute, piccolo, whistle, ocarina",
    "reed": "clarinet, oboe, bassoon, harmonica, bagpipes",
    "bowed": "violin, fiddle, viola, cello",
    "guitar": "electric guitar solo",
    "plucked": "banjo, sitar, koto, pizzicato strings, dulcimer",
    "bars": "vibraphone, marimba, xylophone, kalimba, steel drums",
    "bells": "glockenspiel, celesta, music box, tubular bells",
}
FAMILY: dict[str, str] = {name.strip(): family for family, names in _FAMILIES.items() for name in names.split(",")}
"""The family of each lead: a viola for a violin is half right, a tuba is not."""
assert FAMILY.keys() == {i.name for i in LEADS}
