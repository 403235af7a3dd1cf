"""A SuperCollider file: an environment with a function for each parameter, and an OSCdef for what comes back."""

from __future__ import annotations

from collections.abc import Sequence

from riffsynth.parameters import Kind, Parameter, allowed
from riffsynth.patches.layout import ERROR_ADDRESS, HOST, OSC_PORT, sections


def environment(table: Sequence[Parameter]) -> str:
    """The text of `riffsynth.scd`."""
    functions = []
    for section in sections(table):
        functions.append(f"\t// {section.title}")
        functions += [_function(parameter) for parameter in section.rows]
    told = [parameter for parameter in table if parameter.kind is not Kind.TRIGGER]
    listeners = [_listener(parameter) for parameter in told]
    return _FILE.format(
        host=HOST,
        port=OSC_PORT,
        functions="\n".join(functions),
        listeners="\n".join(listeners),
        error=ERROR_ADDRESS,
    )


def key_of(parameter: Parameter) -> str:
    """The parameter's name in the environment: `a.prompt` is `a_prompt`."""
    return parameter.name.replace(".", "_")


def _function(parameter: Parameter) -> str:
    key, address = key_of(parameter), parameter.osc_address
    if parameter.kind is Kind.TRIGGER:
        return f"\t~{key} = {{ ~target.sendMsg('{address}') }}; // {parameter.description}"
    argument = {
        Kind.FLOAT: "value.asFloat",
        Kind.INT: "value.asInteger",
        Kind.BOOL: "value.binaryValue",
        Kind.TEXT: "value.asString",
        Kind.CHOICE: "value.asString",
    }[parameter.kind]
    comment = f"{parameter.description} Takes {allowed(parameter)}."
    return f"\t~{key} = {{ |value| ~target.sendMsg('{address}', {argument}) }}; // {comment}"


def _listener(parameter: Parameter) -> str:
    key = key_of(parameter)
    return (
        f"OSCdef('riffsynth_{key}', {{ |message| heard.('{key}', message[1]) }}, "
        f"'{parameter.osc_address}').permanent_(true);"
    )


_FILE = """\
// riffsynth in SuperCollider. Made by `riffsynth patches`: changes are lost.
//
// Put the cursor between the outer brackets and evaluate the block (Ctrl/Cmd + Return). Then:
//     ~riffsynth.use {{ ~a_prompt.("solo double bass, walking") }};
//     ~riffsynth.use {{ ~alpha.(0.5) }};
//     ~riffsynth[\\values][\\tempo]                                     // what riffsynth last told
//     ~riffsynth[\\changed] = {{ |name, value| [name, value].postln }}; // called with every change made elsewhere
//     ~riffsynth.use {{ ~connect.() }};                                 // after riffsynth was started again
(
var riffsynth, heard;

riffsynth = Environment.make {{
\t~target = NetAddr("{host}", {port});
\t~values = IdentityDictionary.new;
\t~changed = nil;
\t~connect = {{
\t\t~target.sendMsg('/riffsynth/notify', NetAddr.langPort);
\t\t~target.sendMsg('/riffsynth/refresh');
\t}};

{functions}
}};

heard = {{ |name, value|
\triffsynth[\\values][name] = value;
\triffsynth[\\changed].value(name, value);
}};

{listeners}
OSCdef('riffsynth_error', {{ |message| ("riffsynth: " ++ message[1]).warn }}, '{error}').permanent_(true);

~riffsynth = riffsynth;
riffsynth.use {{ ~connect.() }};
)
"""
