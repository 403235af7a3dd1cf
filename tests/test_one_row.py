"""One table: a row that is added to it is found everywhere. Each row is added in a program of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

ROWS = {
    "float": 'Parameter("shimmer", Kind.FLOAT, "How much it glitters.", 0.5, 0.0, 2.0, unit="dB")',
    "exponential": 'Parameter("cutoff", Kind.FLOAT, "Where it ends.", 200.0, 20.0, 20000.0, "Hz", curve="exponential")',
    "int": 'Parameter("sparks", Kind.INT, "How many fly.", 2, 1, 9, acts=Acts.CLIP)',
    "choice": 'Parameter("colour", Kind.CHOICE, "Which light.", "red", choices=("red", "green"))',
    "end": 'Parameter("a.colour", Kind.TEXT, "The colour of end A.", "", acts=Acts.CLIP)',
}

PROGRAM = """
import sys
from riffsynth import parameters
from riffsynth.parameters import Acts, Kind, Parameter

row = eval(sys.argv[1])
parameters.TABLE += (row,)
parameters.PARAMETERS[row.name] = row

# Nothing else has been imported before the row stood in the table.
import json, zlib
import mido
from riffsynth.control.learning import Learner
from riffsynth.control.midi_gesture import GestureReader
from riffsynth.control.midi_mapper import MidiMapper
from riffsynth.control.mapping import Binding
from riffsynth.control.osc_codec import OscMessage
from riffsynth.control.osc_router import OscRouter, Received
from riffsynth.control.reference import reference
from riffsynth.control.store import ParameterStore
from riffsynth.patches import reference_page, writing
from riffsynth.recall.preset import Preset
from riffsynth.recall.preset_reader import read_contents
from riffsynth.recall.morph import mixed
from riffsynth.recall.state import SOUND, state_of
from riffsynth.web import oscquery

other = {"float": 1.5, "int": 7, "choice": "green", "text": "gold"}[row.kind.value]
store = ParameterStore()
router = OscRouter(store)

def send(address, *args):
    return router.handle(Received(OscMessage(address, args), ("127.0.0.1", 9), 0.0, 0.0))

if row.name == "cutoff":
    other = 2000.0
assert send(row.osc_address, other) == [] and store.get(row.name) == other
assert send(row.osc_address)[0].args == (other,)
assert row.osc_address in [reply.address for reply in send("/riffsynth/refresh")]

tree = oscquery.node(row.osc_address, store.snapshot())
assert tree["VALUE"] == [other] and tree["DESCRIPTION"] == row.description and tree["ACCESS"] == 3
if row.bounded:
    assert tree["RANGE"] == [{"MIN": row.minimum, "MAX": row.maximum}]
if row.kind is not Kind.TEXT:
    send(row.osc_address.replace("/riffsynth/", "/riffsynth/norm/"), 1.0)
    assert store.get(row.name) == row.from_unit(1.0)
    twin = oscquery.node(row.osc_address.replace("/riffsynth/", "/riffsynth/norm/"), store.snapshot())
    assert twin["VALUE"] == [1.0]

value = None if row.kind is not Kind.TEXT else "gold"
learning = Learner(row.name, GestureReader(), 0.0, value)
for step in range(40):
    learning.hear(mido.Message("control_change", control=21, value=step * 3), "knobs", step / 40)
learned = learning.learned(5.0)
assert learned is not None and learned.to == row.name and learned.cc == 21
mapper = MidiMapper((learned.model_copy(update={"takeover": "jump"}),), store.get)
assert mapper.handle(mido.Message("control_change", control=21, value=127), "knobs")[0][0] == row.name

*end, key = row.name.split(".")
text = f"a: {{{key}: {other}}}" if end else f"{key}: {other}"
values = read_contents(text.encode(), "x").values
assert values == {row.name: other}
assert SOUND[row.name] == row.default and state_of(Preset("x", values=values))[row.name] == other
if row.bounded:
    assert row.minimum <= mixed(row, row.default, other, 0.5) <= row.maximum

assert row.osc_address in [each["address"] for each in reference()]
assert row.osc_address in reference_page.tables(parameters.TABLE)
for path, content in writing.files().items():
    said = (zlib.decompress(content) if path.endswith(".tosc") else content).decode()
    found = (row.osc_address, row.osc_address.strip("/").replace("/", " "), f'"{key}": {{', row.name)
    assert path.endswith("package-info.json") or any(each in said for each in found), path
print("everywhere")
"""


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_is_found_everywhere(row):
    """In OSC, OSCQuery, MIDI and its learning, presets and their schema, morphs, the reference and every patch."""
    told = subprocess.run([sys.executable, "-c", PROGRAM, row], capture_output=True, text=True, timeout=120)
    assert told.stdout.strip() == "everywhere", told.stderr
