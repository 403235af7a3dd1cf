"""Presets: what is written is what is meant, and every fault is named with its line."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffsynth.control.mapping import Binding
from riffsynth.control.moves import Move
from riffsynth.control.store import ParameterStore
from riffsynth.parameters import PARAMETERS, SEED_MAX, Kind
from riffsynth.recall import preset as preset_module
from riffsynth.recall.preset import FILES, Preset, PresetError, load_preset, presets, save_preset
from riffsynth.recall.preset_reader import PRESET_PARAMETERS, read_contents


def read(text):
    return read_contents(text.encode() if isinstance(text, str) else text, "dub.yaml")


def faults(text):
    with pytest.raises(PresetError) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


def test_the_keys_are_the_parameters_names():
    contents = read(
        "name: Dub\na: {prompt: deep dub, seed: 7}\nb:\n  prompt: bells\nalpha: 0.3\nmute: yes\nclock: midi\n"
    )
    assert contents.values == {
        "a.prompt": "deep dub",
        "a.seed": 7,
        "b.prompt": "bells",
        "alpha": 0.3,
        "mute": True,
        "clock": "midi",
    }
    assert contents.texts == {"name": "Dub"}


@pytest.mark.parametrize(
    "written", ["no", "808", "12:30", "1e3", "~", "null", "0x10", "on", ".inf", "2020-01-01", "1_000", "=", "<<"]
)
def test_a_prompt_keeps_its_literal_text(written):
    assert read(f"a: {{prompt: {written}}}\n").values == {"a.prompt": written}
    assert read(f"a:\n  prompt: {written}\n").values == {"a.prompt": written}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tempo: fast\n", ["dub.yaml:1: tempo is a number 20..400 beats/min, found 'fast'"]),
        ("alpha: 0.1\ntempo: 900\n", ["dub.yaml:2: tempo is a number 20..400 beats/min, found 900"]),
        ("tempo:\n", ["dub.yaml:1: tempo is a number 20..400 beats/min, found nothing"]),
        ("clock: sun\n", ["dub.yaml:1: clock is one of internal, midi, link, found 'sun'"]),
        ("tmpo: 1\n", ["dub.yaml:1: there is no key tmpo; did you mean tempo?"]),
        ("a: {promt: x}\n", ["dub.yaml:1: there is no key a.promt; did you mean prompt?"]),
        ("a.prompt: x\n", ["dub.yaml:1: a.prompt is written as a: {prompt: ...}"]),
        ("panic: 1\n", ["dub.yaml:1: there is no key panic; "]),
        ("alpha: 0\nlevel: 0\nalpha: 1\n", ["dub.yaml:3: alpha stands here a second time, first in line 1"]),
        ("a: loud\n", ["dub.yaml:1: a is a map such as {prompt: ..., seed: 1}, found 'loud'"]),
        ("a:\n  prompt: [x, y]\n", ["dub.yaml:2: a.prompt is a single value, found a list"]),
        ("a:\n\tprompt: x\n", ["dub.yaml:2: found a tab: YAML is indented with spaces"]),
        ("", ["dub.yaml: is empty"]),
        ("# only a comment\n", ["dub.yaml: is empty"]),
        ("- alpha\n- 1\n", ["dub.yaml:1: a preset is a map of keys and values, found a list"]),
        ("alpha\n", ["dub.yaml:1: a preset is a map of keys and values, found 'alpha'"]),
        ("a: {prompt: x\nb: 1\n", ["dub.yaml:2: "]),
        ("alpha: 1\n---\nalpha: 0\n", ["dub.yaml:2: "]),
        ("? [1, 2]\n: 3\n", ["dub.yaml:1: there is no key (not a word)"]),
        (b"\x89PNG\r\n\x1a\n\0\0", ["dub.yaml:1: is not UTF-8 text"]),
        (b"alpha: 1\n\0\0\0", ["dub.yaml: holds characters that no text has"]),
        ("[" * 20000, ["dub.yaml: is nested too deeply"]),
        ("#" * 2_000_000, ["dub.yaml: a preset has at most"]),
        ("midi: {cc: 1}\n", ["dub.yaml:1: midi is a list"]),
        ("midi:\n  - {cc: 1, to: alpah}\n", ["dub.yaml:2: midi entry 1: there is no parameter alpah"]),
        ("midi:\n  - {cc: 200, to: alpha}\n", ["dub.yaml:2: midi entry 1: cc should be less than"]),
        ("midi: [{to: alpha}]\n", ["dub.yaml:1: midi entry 1: needs exactly one of cc"]),
        ("midi: [{cc: 1, note: 2, to: alpha}]\n", ["dub.yaml:1: midi entry 1: needs exactly one of cc"]),
        ("midi: [{cc: 1, to: alpha, kurve: linear}]\n", ["midi entry 1: kurve; did you mean curve?"]),
        ("midi: [{cc: 1, to: alpha, range: [0, 2]}]\n", ["midi entry 1: range must be two different values in 0..1"]),
        ("midi: [{cc: 1, to: alpha, range: [0, [1]]}]\n", ["midi entry 1: range"]),
        ("midi: [{cc: 1, to: a.prompt}]\n", ["midi entry 1: needs `value`"]),
        ("midi: [7]\n", ["midi entry 1 is a map"]),
    ],
)
def test_a_fault_is_named_with_file_line_key_what_was_found_and_what_is_allowed(text, expected):
    found = faults(text)
    assert len(found) >= len(expected)
    for line, part in zip(found, expected, strict=False):
        assert part in line and "\n" not in line


def test_all_faults_are_named_at_once_in_the_order_of_the_lines():
    found = faults("tempo: fast\nspeeed: 2\na:\n  seed: -1\nmidi:\n  - {cc: 1}\n")
    assert [int(re.match(r"dub.yaml:(\d+):", line).group(1)) for line in found] == [1, 2, 4, 6]


def test_a_file_is_found_beside_the_preset(tmp_path):
    (tmp_path / "first.png").write_bytes(b"x")
    (tmp_path / "p.yaml").write_text("clip: first.png\ninit: first.png\na: {prompt: x}\n")
    loaded = load_preset(tmp_path / "p.yaml")
    assert loaded.clip == tmp_path / "first.png"
    assert (loaded.folder, loaded.values["init"], loaded.name) == (tmp_path, "first.png", "p")


def test_a_file_that_is_missing_is_named(tmp_path):
    (tmp_path / "p.yaml").write_text("a: {prompt: x}\nclip: gone.png\ninit: gone.wav\n")
    with pytest.raises(PresetError, match=r"p\.yaml:2: clip names a file") as caught:
        load_preset(tmp_path / "p.yaml")
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("what", ["gone.yaml", "folder.yaml"])
def test_a_preset_that_cannot_be_read_is_one_line(tmp_path, what):
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(PresetError, match="cannot be read"):
        load_preset(tmp_path / what)


def test_presets_are_found_by_name_the_users_first(tmp_path, monkeypatch):
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    for folder, prompt in [(mine, "my dub"), (theirs, "dub")]:
        folder.mkdir()
        (folder / "dub.yaml").write_text(f"a: {{prompt: {prompt}}}\n")
    (theirs / "bells.yml").write_text("a: {prompt: bells}\n")
    monkeypatch.setattr(preset_module, "preset_folders", lambda: [mine, theirs, tmp_path / "none"])
    assert load_preset("dub").values["a.prompt"] == "my dub"
    assert set(presets()) == {"dub", "bells"}
    with pytest.raises(PresetError, match="did you mean bells"):
        load_preset("bels")


def test_a_model_folder_is_found_beside_the_preset_and_anything_else_is_a_hub_id(tmp_path):
    (tmp_path / "model").mkdir()
    path = tmp_path / "p.yaml"
    path.write_text("model: model\n")
    assert Path(load_preset(path).model) == tmp_path / "model"
    path.write_text("model: riffusion/riffusion-model-v1\n")
    assert load_preset(path).model == "riffusion/riffusion-model-v1"


def values_of(name):
    parameter = PARAMETERS[name]
    texts = st.text(st.characters(codec="utf-8"), max_size=30)
    return {
        Kind.TEXT: texts
        | st.sampled_from(
            ["no", "808", "12:30", "~", "", " x ", "a\nb", "\x85", "a\u2028 b", "\r", "a\n\n b\n", "- x", "#", "'", '"']
        ),
        Kind.CHOICE: st.sampled_from(parameter.choices or ("",)),
        Kind.BOOL: st.booleans(),
        Kind.INT: st.integers(max(0, int(max(parameter.minimum, 0))), int(min(parameter.maximum, SEED_MAX))),
        Kind.FLOAT: st.floats(max(parameter.minimum, -1e9), min(parameter.maximum, 1e9)),
    }[parameter.kind]


NAMES = [name for name in PRESET_PARAMETERS if name not in FILES]  # these name files that must exist
BINDINGS = [
    Binding(cc=1, to="alpha", range=(0.25, 1.0), curve="exponential", takeover="scale", channel=3),
    Binding(note=36, to="freeze", mode="toggle", device="nano"),
    Binding(program=4, to="preset", value="808"),
    Binding(cc=16, bits=14, to="level", invert=True),
]
MOVES = [
    Move(lfo="sine", beats=8, phase=0.25, to="alpha", range=(0.25, 0.75)),
    Move(envelope=((0, 0), (1.5, 1), (4, 0.5)), once=True, to="level", curve="exponential"),
    Move(input="mic", floor=-40, to="pitch", invert=True),
]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_saved_is_what_is_loaded(tmp_path_factory, data):
    names = data.draw(st.lists(st.sampled_from(NAMES), unique=True))
    saved = Preset(
        name=data.draw(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)),
        description=data.draw(st.text(st.characters(codec="utf-8"), max_size=50)),
        values={name: data.draw(values_of(name)) for name in names},
        midi=tuple(data.draw(st.lists(st.sampled_from(BINDINGS)))),
        moves=tuple(data.draw(st.lists(st.sampled_from(MOVES)))),
        folder=tmp_path_factory.getbasetemp(),
    )
    path = tmp_path_factory.getbasetemp() / "roundtrip.yaml"
    save_preset(saved, path)
    assert load_preset(path) == saved


def test_files_are_saved_relative_to_the_preset(tmp_path):
    (tmp_path / "sounds").mkdir()
    clip = tmp_path / "sounds" / "first.png"
    clip.write_bytes(b"x")
    preset = Preset("p", values={"init": "first.png"}, clip=clip, folder=tmp_path / "sounds")
    save_preset(preset, tmp_path / "p.yaml")
    loaded = load_preset(tmp_path / "p.yaml")
    assert loaded.clip == clip
    assert loaded.values["init"] == "sounds/first.png"


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore")))
def test_whatever_the_file_holds_it_is_read_or_refused_with_lines(data):
    try:
        contents = read_contents(data, "fuzz.yaml")
    except PresetError as error:
        assert error.problems and all(str(problem).startswith("fuzz.yaml") for problem in error.problems)
    else:
        ParameterStore(contents.values)
