"""Rhythms of bass and chords: one bar of sixteen sixteenths; digits name the tone, - is silence, = holds on.

For the bass a digit counts scale steps above the chord's root (7 is the octave). For chords x strikes the whole
chord and a digit one of its tones.
"""

from __future__ import annotations

BASS: dict[str, tuple[str, ...]] = {
    "offbeat": ("--0---0---0---0-", "--0---0---0---07"),
    "syncopated": ("0=-0--0=--0=-4--", "0-00--0---70-4--", "0==0==0===4=0==="),
    "sixteenths": ("0-00-000-000-007", "0007000700070007", "-000-000-000-000"),
    "pulse": ("0=--0=--0=--0=--",),
    "octaves": ("0-7-0-7-0-7-0-7-", "0-070-070-070-07"),
    "with kick": ("0==----0==0=----", "0=-----0--0=--4-"),
    "long": ("0===============", "0=======0=======", "0===========4==="),
    "eighths": ("0=0=0=0=0=0=0=0=", "0=0=0=0=0=0=4=4="),
    "walking": ("0===2===4===5===", "0===4===2===1===", "0===2===4===6==="),
    "tumbao": ("0=====4=====7===", "------4=----7==="),
    "root fifth": ("0===----4===----", "0===4===0===4==="),
}

CHORDS: dict[str, tuple[str, ...]] = {
    "stabs": ("x--x--x---------", "x-----x---x-----", "--x--x----x--x--", "x---------x--x--"),
    "offbeat": ("--x---x---x---x-", "----x-------x---"),
    "syncopated": ("x==x==x===x==x==", "--x=-x=---x==---", "x=====x===--x==="),
    "sixteenth strum": ("x-xx-xx-x-xx-xxx", "--xx--xx--xx-xx-"),
    "whole": ("x===============", "x=======x======="),
    "arpeggio": ("0=1=2=1=0=1=2=1=", "0123012301230123", "0===1===2===1==="),
    "eighths": ("x=x=x=x=x=x=x=x=",),
    "strum": ("x===x-x-x===x-x-", "x==xx=x=x==xx=x="),
    "montuno": ("x-12-x1-x2-x-12-", "0-1x-0x-1x-0x-1-"),
    "alberti": ("0=2=1=2=0=2=1=2=",),
}
