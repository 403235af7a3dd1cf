"""The script for TouchDesigner, run against a small stand-in for its objects."""

from __future__ import annotations

import ast
from types import SimpleNamespace

import pytest

from riffsynth.parameters import TABLE, Kind
from riffsynth.patches.touchdesigner import STYLES, name_of, script


class Par:
    def __init__(self, owner, name, style):
        self.__dict__ |= {"owner": owner, "name": name, "style": style, "val": 0, "pulses": 0}

    def eval(self):
        return self.val

    def pulse(self):
        self.pulses += 1


class Pars(SimpleNamespace):
    """Setting a custom parameter by its name sets its value."""

    def __setattr__(self, name, value):
        existing = self.__dict__.get(name)
        if isinstance(existing, Par):
            existing.val = value
        else:
            self.__dict__[name] = value


class Page:
    def __init__(self, comp, name):
        self.comp, self.name = comp, name

    def __getattr__(self, method):
        assert method.removeprefix("append") in (*STYLES.values(),), method

        def append(name, label=""):
            assert name[0].isupper() and name[1:].isalnum() and name[1:] == name[1:].lower(), name
            assert name not in self.comp.par.__dict__, f"{name} twice"
            par = Par(self.comp, name, method.removeprefix("append"))
            par.page, par.label = self.name, label
            self.comp.par.__dict__[name] = par
            return [par]

        return append


class Operator:
    def __init__(self, kind, name, parent=None):
        self.kind, self.name, self._parent = kind, name, parent
        self.par, self.children, self.stored, self.sent, self.text = Pars(), {}, {}, [], ""

    def create(self, kind, name):
        self.children[name] = Operator(kind, name, self)
        return self.children[name]

    def op(self, name):
        return self.children.get(name)

    def parent(self):
        return self._parent

    def destroy(self):
        del self._parent.children[self.name]

    def appendCustomPage(self, name):
        return Page(self, name)

    def store(self, key, value):
        self.stored[key] = value

    def fetch(self, key):
        return self.stored[key]

    def sendOSC(self, address, args):
        self.sent.append((address, args))


KINDS = {kind: kind for kind in ("baseCOMP", "oscoutDAT", "oscinDAT", "textDAT", "parameterexecuteDAT", "executeDAT")}


@pytest.fixture
def comp():
    project = Operator("baseCOMP", "project1")
    delayed = []
    names = {
        "me": Operator("textDAT", "script", project),
        "run": lambda *call, **options: delayed.append((call, options)),
    }
    code = compile(script(TABLE), "build_riffsynth.py", "exec")
    exec(code, dict(KINDS) | names)
    exec(code, dict(KINDS) | names)  # again: the old one is replaced
    assert list(project.children) == ["riffsynth"]
    ((words, built), options) = delayed[-1]
    assert options["delayFrames"] > 0
    eval(words, {"args": (built,)})
    return built


def callbacks(comp, name):
    space = {}
    exec(comp.op(name).text, space)
    return SimpleNamespace(**space)


def test_it_is_python():
    ast.parse(script(TABLE))


@pytest.mark.parametrize("parameter", TABLE, ids=lambda parameter: parameter.name)
def test_every_parameter_has_a_custom_one_of_its_kind_and_range(comp, parameter):
    par = getattr(comp.par, name_of(parameter))
    assert par.style == STYLES[parameter.kind]
    if parameter.bounded:
        assert (par.min, par.max) == (parameter.minimum, min(parameter.maximum, 2**31 - 1))
        assert par.clampMin and par.clampMax
    if parameter.choices:
        assert par.menuNames == list(parameter.choices)


def test_a_change_and_a_pulse_are_sent(comp):
    changes, sent = callbacks(comp, "changes"), comp.op("osc_out").sent
    comp.par.Alpha.val = 0.5
    changes.onValueChange(comp.par.Alpha, 0)
    comp.par.Mute.val = True
    changes.onValueChange(comp.par.Mute, False)
    changes.onPulse(comp.par.Play)
    changes.onValueChange(comp.par.Error, "")
    assert sent == [("/riffsynth/alpha", [0.5]), ("/riffsynth/mute", [1]), ("/riffsynth/play", [])]
    assert (comp.op("osc_out").par.address, comp.op("osc_out").par.port) == ("127.0.0.1", 9000)
    watched = comp.op("changes").par
    assert watched.op is comp and watched.valuechange and watched.onpulse and watched.custom


def test_what_riffsynth_tells_is_shown_and_not_sent_back(comp):
    incoming, changes = callbacks(comp, "osc_in_callbacks"), callbacks(comp, "changes")

    def receive(address, *args):
        incoming.onReceiveOSC(comp.op("osc_in"), 0, "", b"", 0, address, list(args), None)

    receive("/riffsynth/a/prompt", "dub bass")
    changes.onValueChange(comp.par.Aprompt, "")
    receive("/riffsynth/nothing", 1)
    receive("/riffsynth/error", "too loud")
    assert comp.par.Aprompt.val == "dub bass" and comp.par.Error.val == "too loud"
    assert comp.op("osc_out").sent == []
    comp.par.Aprompt.val = "dub bass, louder"
    changes.onValueChange(comp.par.Aprompt, "dub bass")
    assert comp.op("osc_out").sent == [("/riffsynth/a/prompt", ["dub bass, louder"])]
    assert comp.op("osc_in").par.callbacks is comp.op("osc_in_callbacks")


def test_a_preset_is_loaded_and_a_snapshot_recalled_once_more(comp):
    changes, sent = callbacks(comp, "changes"), comp.op("osc_out").sent
    comp.par.Preset.val, comp.par.Snapshot.val = "dub", 3
    changes.onPulse(comp.par.Presetagain)
    changes.onPulse(comp.par.Snapshotagain)
    assert sent == [("/riffsynth/preset", ["dub"]), ("/riffsynth/snapshot", [3])]


def test_connect_asks_for_feedback(comp):
    assert comp.par.Connect.pulses == 1
    callbacks(comp, "changes").onPulse(comp.par.Connect)
    assert comp.op("osc_out").sent == [("/riffsynth/notify", [9001]), ("/riffsynth/refresh", [])]


def test_building_moves_nothing(comp):
    assert comp.op("osc_out").sent == []
    assert all(getattr(comp.par, name_of(parameter)).val == 0 for parameter in TABLE if parameter.kind is not Kind.TEXT)
