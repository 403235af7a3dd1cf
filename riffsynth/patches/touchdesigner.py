"""A Python script that builds riffsynth's component inside TouchDesigner, whose own files are binary."""

from __future__ import annotations

import pprint
from collections.abc import Sequence
from typing import Any

from riffsynth.parameters import ALWAYS_EVENTS, Kind, Parameter
from riffsynth.patches.layout import FEEDBACK_PORT, HOST, INT32_MAX, OSC_PORT, label_of, sections

STYLES = {
    Kind.FLOAT: "Float",
    Kind.INT: "Int",
    Kind.BOOL: "Toggle",
    Kind.TEXT: "Str",
    Kind.CHOICE: "Menu",
    Kind.TRIGGER: "Pulse",
}

AGAIN = "again"
"""Ends the name of a pulse that sends a parameter's value once more: TouchDesigner tells of changes only."""


def script(table: Sequence[Parameter]) -> str:
    """The text of `build_riffsynth.py`."""
    rows = [_row(parameter, section.title) for section in sections(table) for parameter in section.rows]
    literal = pprint.pformat(rows, width=116, sort_dicts=False)
    return _SCRIPT.replace("@ROWS@", literal).replace("@SETTINGS@", _settings())


def name_of(parameter: Parameter) -> str:
    """The name of the custom parameter: TouchDesigner allows a capital, then small letters and digits."""
    return "".join(letter for letter in parameter.name.lower() if letter.isalnum()).capitalize()


def _row(parameter: Parameter, page: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "par": name_of(parameter),
        "style": STYLES[parameter.kind],
        "page": page,
        "label": label_of(parameter),
        "address": parameter.osc_address,
        "help": parameter.description,
    }
    if parameter.kind is not Kind.TRIGGER:
        row["default"] = parameter.default
    if parameter.bounded:
        row |= {"min": parameter.minimum, "max": min(parameter.maximum, INT32_MAX)}
    if parameter.name in ALWAYS_EVENTS:
        row["again"] = f"{name_of(parameter)}{AGAIN}"
    if parameter.choices:
        row["choices"] = list(parameter.choices)
    return row


def _settings() -> str:
    return f'HOST = "{HOST}"\nOSC_PORT = {OSC_PORT}\nFEEDBACK_PORT = {FEEDBACK_PORT}'


_SCRIPT = '''\
# Builds the component `riffsynth` in TouchDesigner. Made by `riffsynth patches`: changes are lost.
#
# Drag this file into a network, right-click the Text DAT that it becomes and choose Run Script. The component appears
# beside it, with a custom parameter for everything that riffsynth lets you move. Run it again to build it anew.

@SETTINGS@

ROWS = @ROWS@

CALLBACKS = """
# What riffsynth tells: a parameter follows what was moved elsewhere.

def onReceiveOSC(dat, rowIndex, message, byteData, timeStamp, address, args, peer):
    comp = dat.parent()
    if address == '/riffsynth/error':
        comp.par.Error = args[0]
        return
    name = comp.fetch('names').get(address)
    if name is None or not args:
        return
    par = getattr(comp.par, name)
    par.val = args[0]
    comp.fetch('heard')[name] = par.eval()
"""

CHANGES = """
# What is moved here goes to riffsynth, except what it has just told.

def onValueChange(par, prev):
    comp = par.owner
    address = comp.fetch('addresses').get(par.name)
    heard = comp.fetch('heard')
    if address is None or heard.pop(par.name, None) == par.eval():
        return
    value = par.eval()
    comp.op('osc_out').sendOSC(address, [int(value) if isinstance(value, bool) else value])

def onPulse(par):
    comp = par.owner
    if par.name == 'Connect':
        comp.op('osc_out').sendOSC('/riffsynth/notify', [int(comp.op('osc_in').par.port)])
        comp.op('osc_out').sendOSC('/riffsynth/refresh', [])
        return
    if par.name in comp.fetch('again'):
        name = comp.fetch('again')[par.name]
        comp.op('osc_out').sendOSC(comp.fetch('addresses')[name], [getattr(comp.par, name).eval()])
        return
    address = comp.fetch('addresses').get(par.name)
    if address is not None:
        comp.op('osc_out').sendOSC(address, [])
"""

START = """
def onStart():
    parent().par.Connect.pulse()
"""


def build(parent):
    """The component, made anew in `parent`."""
    old = parent.op('riffsynth')
    if old is not None:
        old.destroy()
    comp = parent.create(baseCOMP, 'riffsynth')
    comp.store('addresses', {row['par']: row['address'] for row in ROWS})
    comp.store('names', {row['address']: row['par'] for row in ROWS if row['style'] != 'Pulse'})
    comp.store('again', {row['again']: row['par'] for row in ROWS if 'again' in row})
    comp.store('heard', {})
    _pages(comp)
    _network(comp)
    run('args[0].par.Connect.pulse()', comp, delayFrames=30)
    return comp


def _pages(comp):
    connection = comp.appendCustomPage('Connection')
    connection.appendPulse('Connect', label='Connect (again)')
    connection.appendStr('Error', label='Last error')
    pages = {}
    for row in ROWS:
        if row['page'] not in pages:
            pages[row['page']] = comp.appendCustomPage(row['page'])
        page = pages[row['page']]
        par = getattr(page, 'append' + row['style'])(row['par'], label=row['label'])[0]
        par.help = row['help']
        if 'choices' in row:
            par.menuNames = row['choices']
            par.menuLabels = row['choices']
        if 'min' in row:
            par.min = par.normMin = row['min']
            par.max = par.normMax = row['max']
            par.clampMin = par.clampMax = True
        if 'again' in row:
            page.appendPulse(row['again'], label=row['label'] + ' again')
        if 'default' in row:
            par.default = row['default']  # not its value: building must not move the instrument


def _network(comp):
    sender = comp.create(oscoutDAT, 'osc_out')
    sender.par.address = HOST
    sender.par.port = OSC_PORT
    callbacks = comp.create(textDAT, 'osc_in_callbacks')
    callbacks.text = CALLBACKS
    receiver = comp.create(oscinDAT, 'osc_in')
    receiver.par.port = FEEDBACK_PORT
    receiver.par.callbacks = callbacks
    changes = comp.create(parameterexecuteDAT, 'changes')
    changes.text = CHANGES
    changes.par.op = comp
    changes.par.pars = '*'
    changes.par.custom = True
    changes.par.builtin = False
    changes.par.valuechange = True
    changes.par.onpulse = True
    start = comp.create(executeDAT, 'on_start')
    start.text = START
    start.par.start = True
    for index, each in enumerate((sender, callbacks, receiver, changes, start)):
        each.nodeX, each.nodeY = 200 * index, 0


build(me.parent())
'''
