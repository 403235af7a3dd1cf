"""What was learned, in the user's folder and in the hands of the control loop."""

import pytest
from midi_machine import Machine

from riffsynth.control.errors import ControlError
from riffsynth.control.learned_maps import LearnedMaps, file_name, read_map, write_map
from riffsynth.control.mapping import Binding
from riffsynth.control.midi import MidiInputs
from riffsynth.control.store import ParameterStore

FADER = Binding(cc=7, channel=1, device="Knob", to="level", range=(-30, 6))
PAD = Binding(note=36, device="Knob", to="a.prompt", value="808")
QUIET = 1.0


class Stage:
    """The control loop's MIDI, with maps in a folder."""

    def __init__(self, folder, *names):
        self.store, self.machine = ParameterStore(), Machine(*(names or ("Knob",)))
        self.told, self.lines, self.now = [], [], 0.0
        self.maps = LearnedMaps(folder, self.lines.append)
        self.inputs = MidiInputs(
            (),
            self.store,
            announce=self.lines.append,
            system=lambda: self.machine,
            maps=self.maps,
            tell=lambda *args: self.told.append(args),
        )

    def poll(self, passed_s=0.0, preset=()):
        self.now += passed_s
        self.inputs.bind(preset)
        self.inputs.poll(self.now)

    def turns(self, *values, cc=1, device="Knob", preset=()):
        for value in values:
            self.machine.turn[device]([0xB0, cc, value], 0.0)
            self.poll(preset=preset)

    def learn(self, *args, cc=1, preset=()):
        self.inputs.learn(args, self.now)
        self.turns(*range(0, 100, 5), cc=cc, preset=preset)
        self.poll(QUIET, preset)
        self.poll(0.0, preset)


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    yield made
    made.inputs.close()


def test_a_map_is_written_and_read(tmp_path):
    path = tmp_path / "deep" / "knob.yaml"
    write_map(path, "Knob", (FADER, PAD))
    assert read_map(path) == ("Knob", (FADER, PAD))
    text = path.read_text()
    assert "device: Knob\n" in text
    assert "  - {cc: 7, to: level, range: [-30.0, 6.0], channel: 1}\n" in text
    assert "  - {note: 36, to: a.prompt, value: '808'}\n" in text
    write_map(path, "Knob", ())
    assert read_map(path) == ("Knob", ())


@pytest.mark.parametrize(
    ("device", "file"),
    [("nanoKONTROL2:nanoKONTROL2 MIDI 1", "nanokontrol2-nanokontrol2-midi-1.yaml"), ("Ü/..", "device.yaml")],
)
def test_every_device_has_a_file_of_its_own(device, file):
    assert file_name(device) == file


def test_a_control_is_learned_moves_nothing_meanwhile_and_is_kept(stage, tmp_path):
    bound = (Binding(cc=1, to="pitch", takeover="jump"),)
    stage.poll(preset=bound)
    stage.learn("a/strength", preset=bound)
    assert stage.store.get("pitch") == 0
    assert stage.told == [
        (
            "learn",
            "a.strength",
            "learned",
            "cc 1, channel 1, of Knob, moves a.strength",
            "what the preset says of it does not count: pitch",
        )
    ]
    stage.turns(127, 0, preset=bound)
    assert (stage.store.get("a.strength"), stage.store.get("pitch")) == (0, 0)
    stage.inputs.close()
    again = Stage(tmp_path)
    again.turns(127, 0, preset=bound)
    assert (again.store.get("a.strength"), again.store.get("pitch")) == (0, 0)
    again.inputs.close()


def test_elsewhere_the_presets_binding_counts(tmp_path):
    stage = Stage(tmp_path, "Knob", "Other")
    bound = (Binding(cc=1, to="pitch", takeover="jump"),)
    stage.learn("alpha", preset=bound)
    stage.turns(127, device="Other", preset=bound)
    assert (stage.store.get("pitch"), stage.store.get("alpha")) == (24, 0)
    stage.inputs.close()


def test_what_gives_way_is_told(stage):
    stage.learn("alpha")
    stage.learn("speed")
    assert stage.told[-1][4:] == ("cc 1, channel 1, of Knob, no longer moves alpha",)


def test_unlearn_forgets_a_parameter_and_ends_learning(stage, tmp_path):
    stage.learn("alpha")
    assert stage.inputs.unlearn(("/riffsynth/alpha",)) == ("alpha", 1)
    assert stage.inputs.unlearn(("alpha",)) == ("alpha", 0)
    stage.turns(0, 127)
    assert stage.store.get("alpha") == 0
    stage.inputs.learn(("alpha",), 0.0)
    assert stage.inputs.learn((), 0.0)[:2] == ("alpha", "waiting")
    stage.inputs.unlearn(())
    assert stage.inputs.learn((), 0.0)[:2] == ("", "ended")
    stage.inputs.close()
    assert read_map(tmp_path / "knob.yaml") == ("Knob", ())


def test_nobody_moves_anything(stage):
    stage.inputs.learn(("alpha",), stage.now)
    stage.poll(60.0)
    assert stage.told == [("learn", "alpha", "ended", "nothing was moved")]
    stage.turns(0, 127, preset=(Binding(cc=1, to="alpha", takeover="jump"),))
    assert stage.store.get("alpha") == 1


def test_what_a_hand_wrote_meanwhile_is_kept(stage, tmp_path):
    stage.learn("alpha")
    stage.inputs.close()
    write_map(tmp_path / "knob.yaml", "Knob", (FADER,))
    stage = Stage(tmp_path)
    write_map(tmp_path / "knob.yaml", "Knob", (FADER, PAD))
    stage.learn("alpha")
    stage.inputs.close()
    learned = Binding(cc=1, channel=1, device="Knob", to="alpha")
    assert read_map(tmp_path / "knob.yaml")[1] == (FADER, PAD, learned)
    assert stage.maps.of("Knob") == (FADER, PAD, learned)


def test_a_map_that_names_a_part_of_the_device_is_where_its_controls_are_learned(tmp_path):
    maps = {"mine.yaml": "device: nano\nmidi: [{cc: 1, to: pitch}, {cc: 2, to: alpha}]\n", "loose.yaml": "midi: []\n"}
    for name, text in maps.items():
        (tmp_path / name).write_text(text)
    stage = Stage(tmp_path, "nanoKONTROL2 SLIDER")
    stage.inputs.learn(("alpha",), stage.now)
    stage.turns(*range(0, 100, 5), device="nanoKONTROL2 SLIDER")
    stage.poll(QUIET)
    assert stage.told[-1][4:] == (
        "cc 1, of nano, no longer moves pitch",
        "cc 2, of nano, no longer moves alpha",
    )
    stage.inputs.close()
    learned = Binding(cc=1, channel=1, device="nanoKONTROL2 SLIDER", to="alpha")
    assert read_map(tmp_path / "mine.yaml") == ("nano", (learned,))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(maps)


def test_a_file_with_faults_is_told_and_never_overwritten(tmp_path):
    (tmp_path / "knob.yaml").write_text("device: Knob\nmidi:\n  - {cc: 300, to: alpha}\n")
    stage = Stage(tmp_path)
    assert "knob.yaml:3: midi entry 1: cc" in stage.lines[0]
    stage.learn("alpha")
    stage.inputs.close()
    assert "not kept" in stage.lines[-1]
    assert "300" in (tmp_path / "knob.yaml").read_text()
    assert stage.told[-1][:3] == ("learn", "alpha", "learned")


@pytest.mark.parametrize("args", [("no such",), (1,), ("alpha", "0.5", "more"), ("a.prompt",)])
def test_what_cannot_be_learned_is_refused(stage, args):
    with pytest.raises(ControlError):
        stage.inputs.learn(args, 0.0)
    with pytest.raises(ControlError):
        stage.inputs.unlearn((*args, 1))


def test_without_midi_there_is_nothing_to_learn_from():
    inputs = MidiInputs(("none",), ParameterStore())
    with pytest.raises(ControlError, match="no MIDI to learn from"):
        inputs.learn(("alpha",), 0.0)
