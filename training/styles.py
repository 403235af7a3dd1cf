"""Styles: which grooves, instruments, rhythms and chords go together. Tempo is drawn apart from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """Names refer to the tables of drums, instruments, rhythms and harmony."""

    name: str
    words: tuple[str, ...]
    grooves: tuple[str, ...]
    kits: tuple[str, ...]
    bass: tuple[str, ...]
    bass_rhythms: tuple[str, ...]
    keys: tuple[str, ...]
    key_rhythms: tuple[str, ...]
    lead: tuple[str, ...]
    pad: tuple[str, ...]
    modes: tuple[str, ...]
    chords: tuple[str, ...]


def _s(name: str, words: str, **table: str) -> Style:
    fields = {key: tuple(v.strip() for v in value.split(",")) for key, value in table.items()}
    return Style(name, tuple(w.strip() for w in words.split(",")), **fields)


STYLES = (
    _s(
        "house",
        "house, deep house, house music",
        grooves="four on the floor",
        kits="electronic, 808",
        bass="synth bass, deep synth bass",
        bass_rhythms="offbeat, syncopated, sixteenths",
        keys="piano, electric piano, organ, synth stab",
        key_rhythms="stabs, offbeat, syncopated",
        lead="synth lead, flute, vibraphone",
        pad="warm pad, synth strings",
        modes="minor, dorian",
        chords="seventh",
    ),
    _s(
        "techno",
        "techno, minimal techno, electronic",
        grooves="techno, four on the floor",
        kits="electronic, 808",
        bass="synth bass, deep synth bass",
        bass_rhythms="offbeat, sixteenths, pulse",
        keys="synth stab, organ",
        key_rhythms="stabs, offbeat",
        lead="synth lead, square lead",
        pad="sweep pad, space pad, warm pad",
        modes="minor",
        chords="triad",
    ),
    _s(
        "disco",
        "disco, 70s disco, nu disco",
        grooves="disco",
        kits="acoustic, room, power",
        bass="electric bass, slap bass",
        bass_rhythms="octaves, syncopated",
        keys="electric guitar, electric piano, clavinet, piano",
        key_rhythms="sixteenth strum, offbeat, stabs",
        lead="trumpet, alto saxophone, synth lead",
        pad="strings, brass section, synth strings",
        modes="minor, major",
        chords="seventh",
    ),
    _s(
        "funk",
        "funk, funky, funk groove",
        grooves="funk, breakbeat",
        kits="acoustic, room",
        bass="slap bass, electric bass",
        bass_rhythms="syncopated, sixteenths, octaves",
        keys="clavinet, electric guitar, organ, electric piano",
        key_rhythms="sixteenth strum, syncopated, stabs",
        lead="alto saxophone, tenor saxophone, trumpet, trombone",
        pad="brass section",
        modes="dorian, mixolydian",
        chords="seventh",
    ),
    _s(
        "hip hop",
        "hip hop, hip-hop, lo-fi hip hop, boom bap",
        grooves="boom bap, trap, half time",
        kits="acoustic, 808, electronic",
        bass="acoustic bass, deep synth bass, electric bass",
        bass_rhythms="with kick, long, syncopated",
        keys="electric piano, piano, nylon guitar",
        key_rhythms="whole, arpeggio, stabs",
        lead="flute, vibraphone, muted trumpet, kalimba",
        pad="strings, warm pad, choir",
        modes="minor, dorian",
        chords="seventh",
    ),
    _s(
        "rock",
        "rock, rock band, indie rock",
        grooves="rock, hard rock",
        kits="power, acoustic, room",
        bass="picked bass, electric bass",
        bass_rhythms="eighths, with kick, pulse",
        keys="distorted guitar, electric guitar, rock organ, acoustic guitar",
        key_rhythms="eighths, whole, strum",
        lead="electric guitar solo, harmonica",
        pad="strings, choir",
        modes="minor, mixolydian, major",
        chords="power, triad",
    ),
    _s(
        "jazz",
        "jazz, smooth jazz, jazz trio",
        grooves="swing ride",
        kits="jazz, brush",
        bass="acoustic bass, fretless bass",
        bass_rhythms="walking, long",
        keys="piano, electric piano, organ, electric guitar",
        key_rhythms="syncopated, stabs, whole",
        lead="tenor saxophone, alto saxophone, muted trumpet, clarinet, vibraphone, soprano saxophone",
        pad="strings, brass section",
        modes="dorian, mixolydian, major",
        chords="seventh",
    ),
    _s(
        "reggae",
        "reggae, dub, roots reggae",
        grooves="one drop",
        kits="acoustic, room",
        bass="electric bass, deep synth bass",
        bass_rhythms="syncopated, long",
        keys="organ, electric guitar, piano",
        key_rhythms="offbeat",
        lead="trombone, harmonica, steel drums, alto saxophone",
        pad="brass section",
        modes="minor, major",
        chords="triad",
    ),
    _s(
        "latin",
        "latin, bossa nova, salsa, latin jazz",
        grooves="bossa, latin",
        kits="acoustic, jazz",
        bass="acoustic bass, electric bass",
        bass_rhythms="tumbao, syncopated",
        keys="nylon guitar, piano, accordion",
        key_rhythms="montuno, syncopated",
        lead="flute, trumpet, marimba, steel drums, trombone",
        pad="brass section, strings",
        modes="minor, major, dorian",
        chords="seventh",
    ),
    _s(
        "drum and bass",
        "drum and bass, drum n bass, dnb, jungle",
        grooves="breakbeat",
        kits="acoustic, electronic, 808",
        bass="deep synth bass, synth bass",
        bass_rhythms="long, syncopated",
        keys="electric piano, synth stab, piano",
        key_rhythms="whole, stabs",
        lead="synth lead, square lead, flute",
        pad="warm pad, space pad, sweep pad",
        modes="minor, dorian",
        chords="seventh",
    ),
    _s(
        "ambient",
        "ambient, chill, atmospheric, downtempo",
        grooves="ballad, half time",
        kits="brush, electronic",
        bass="deep synth bass, fretless bass",
        bass_rhythms="long",
        keys="electric piano, piano, harp",
        key_rhythms="whole, arpeggio",
        lead="pan flute, kalimba, celesta, music box, ocarina, glockenspiel",
        pad="warm pad, space pad, glass pad, choir, sweep pad, slow strings",
        modes="major, minor, dorian",
        chords="seventh, triad",
    ),
    _s(
        "classical",
        "classical, chamber music, orchestral, cinematic",
        grooves="ballad, tribal",
        kits="room, brush",
        bass="acoustic bass",
        bass_rhythms="long, pulse, walking",
        keys="piano, harpsichord, harp, church organ",
        key_rhythms="arpeggio, whole, alberti",
        lead="violin, cello, oboe, flute, clarinet, french horn, bassoon, viola, pizzicato strings, trumpet, piccolo",
        pad="strings, slow strings, choir",
        modes="major, minor",
        chords="triad",
    ),
    _s(
        "folk",
        "folk, country, acoustic, bluegrass",
        grooves="rock, ballad",
        kits="acoustic, brush",
        bass="acoustic bass, electric bass",
        bass_rhythms="root fifth, walking",
        keys="acoustic guitar, nylon guitar, accordion, honky tonk piano",
        key_rhythms="strum, arpeggio, eighths",
        lead="fiddle, banjo, harmonica, whistle, recorder, dulcimer, bagpipes",
        pad="strings",
        modes="major, mixolydian",
        chords="triad",
    ),
    _s(
        "synth pop",
        "synth pop, 80s pop, synthwave, chiptune",
        grooves="four on the floor, rock, half time",
        kits="electronic, 808, power",
        bass="synth bass",
        bass_rhythms="sixteenths, eighths, octaves",
        keys="synth stab, wurlitzer, electric guitar",
        key_rhythms="arpeggio, stabs, eighths",
        lead="square lead, synth lead, glockenspiel, alto saxophone",
        pad="synth brass, synth strings, warm pad",
        modes="minor, major",
        chords="triad",
    ),
    _s(
        "afrobeat",
        "afrobeat, world music, tribal, african",
        grooves="tribal, latin, funk",
        kits="acoustic, room",
        bass="electric bass, fretless bass",
        bass_rhythms="syncopated, tumbao",
        keys="electric guitar, organ, nylon guitar",
        key_rhythms="montuno, sixteenth strum",
        lead="kalimba, marimba, sitar, koto, xylophone, tenor saxophone, pan flute",
        pad="choir, brass section",
        modes="dorian, mixolydian, minor",
        chords="triad",
    ),
)
STYLE_BY_NAME = {style.name: style for style in STYLES}
