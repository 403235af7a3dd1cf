"""The commands. What each takes is in `commands/arguments.py`, what it does in the module that has its name."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from riffsynth import __version__
from riffsynth.commands import arguments
from riffsynth.errors import RiffsynthError, told

EXIT_BAD_INPUT = 2

EXAMPLES = """\
the first minutes:
  riffsynth doctor                       what this machine lacks, and how to mend it
  riffsynth play                         hear it
  riffsynth send a/prompt "slow cello"   from another terminal: another prompt
  riffsynth send alpha                   ask for a value
  riffsynth COMMAND --help               what a command takes
"""


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it did what was asked, 2 with one clear line when it could not start."""
    commands = parser()
    given = sys.argv[1:] if words is None else words
    if not given:  # who types the bare name wants to know what there is
        commands.print_help(sys.stderr)
        return EXIT_BAD_INPUT
    options = commands.parse_args(given)
    try:
        return int(importlib.import_module(f"riffsynth.commands.{options.command}").run(options))
    except (RiffsynthError, OSError) as error:
        print(f"riffsynth: {told(error)}", file=sys.stderr)
        return EXIT_BAD_INPUT
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("riffsynth"):
            raise
        print(f"riffsynth: the library {error.name} is missing; `riffsynth doctor` tells more", file=sys.stderr)
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        return 130


class _Parser(argparse.ArgumentParser):
    """Refuses in one line; the whole usage is a `--help` away."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **settings)

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_BAD_INPUT, f"riffsynth: {message} (see {self.prog} --help)\n")


def parser() -> argparse.ArgumentParser:
    """Of the whole command line."""
    parser = _Parser(prog="riffsynth", description="A diffusion model, played live and in time.", epilog=EXAMPLES)
    parser.add_argument("--version", action="version", version=f"riffsynth {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")

    def command(name: str, does: str, more: str = "") -> argparse.ArgumentParser:
        sentence = f"{does[0].upper()}{does[1:]}."
        return commands.add_parser(name, help=does, description=f"{sentence}\n\n{more}" if more else sentence)

    arguments.of_play(command("play", "perform: OSC and MIDI in, sound out", "Ctrl-C fades out and ends it."))
    arguments.of_render(
        command("render", "the same instrument in virtual time, into a file", "The same bytes each time.")
    )
    arguments.of_replay(command("replay", "make a recording again from the log of a performance"))
    arguments.of_send(command("send", "send a running instrument one OSC message, or ask it for a value"))
    arguments.of_learn(
        command("learn", "let a MIDI control move a parameter: move the control, and it is kept for this device")
    )
    arguments.of_unlearn(command("unlearn", "forget the controls that were learned for a parameter"))
    arguments.of_convert(
        command("convert", "spectrogram images to sound, and sound to images, files and folders of them")
    )
    arguments.of_remake(command("remake", "audio to audio: a sound file of any length, played anew by the model"))
    arguments.of_serve(
        command("serve", "make clips for instruments on other machines, and for Riffusion's web app and clients")
    )
    arguments.of_generate(command("generate", "clips from prompts, into image and sound files"))
    arguments.as_json(command("presets", "list the presets that can be played by name"))
    faulty = "Exits with 2 when there is anything."
    arguments.of_check(command("check", "tell everything that is wrong with a preset", faulty))
    arguments.as_json(command("osc", "list the parameters and their OSC addresses"))
    arguments.of_patches(
        command("patches", "make the patches for Max, TouchDesigner, Pd and others from the table of parameters")
    )
    command("schema", "print a JSON Schema of presets, for editors")
    arguments.as_json(command("devices", "list sound outputs, MIDI inputs and outputs"))
    arguments.of_calibrate(
        command(
            "calibrate",
            "measure how late sound leaves the speaker, and set clock_offset",
            "Plays clicks and listens: join output and input by a cable, or bring a microphone to the speaker.",
        )
    )
    lacking = "Exits with 1 when it cannot play here: without Python 3.11, the libraries, torch or the model."
    arguments.as_json(command("doctor", "tell what this machine lacks, and how to mend it", lacking))
    arguments.of_bench(command("bench", "measure this machine"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
