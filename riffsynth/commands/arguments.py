"""What each command takes: `of_NAME` gives its parser the arguments."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from riffsynth.parameters import PARAMETERS
from riffsynth.performance.options import DEFAULT_OSC_PORT, DEFAULT_PRESET, DEFAULT_WEB_PORT

TOKEN_VARIABLE = "RIFFSYNTH_TOKEN"
_TOKEN_HELP = f"what the door asks for (from {TOKEN_VARIABLE} where it is set)"
_SOUND_ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
_ENDINGS = (*_SOUND_ENDINGS, ".png", ".jpg")


def of_play(play: argparse.ArgumentParser) -> None:
    play.add_argument(
        "preset", nargs="?", metavar="PRESET", help=f"name or file ({DEFAULT_PRESET}, or the set's first)"
    )
    play.add_argument(
        "--set", dest="setlist", metavar="LIST", help="a YAML list of presets, or a folder of them, to go through"
    )
    sound = play.add_argument_group("sound")
    sound.add_argument("--audio", metavar="NAME", help="output device, or part of its name; 'null' for none")
    sound.add_argument("--input", metavar="NAME", help="input device that `init: input` listens to")
    sound.add_argument("--channels", type=_positive(int), default=2, metavar="N", help="output channels (%(default)s)")
    sound.add_argument(
        "--latency", dest="latency_ms", type=_positive(float), metavar="MS", help="sound kept ready for the card"
    )
    sound.add_argument("--record", type=_new_file, metavar="FILE", help="write what is sent to the card to a WAV file")
    sound.add_argument(
        "--session", type=_new_file, metavar="FILE", help="write every event of the performance, for 'render --session'"
    )
    sound.add_argument("--flac", action="store_true", help="with --record: a FLAC file as well, when it is over")
    sound.add_argument("--log", type=_new_file, metavar="FILE", help="write what the player consumed, for 'replay'")
    sound.add_argument(
        "--duration", dest="duration_s", type=_positive(float), metavar="SECONDS", help="stop after this long"
    )
    control = play.add_argument_group("control")
    control.add_argument(
        "--osc-port", type=_port, default=DEFAULT_OSC_PORT, metavar="PORT", help="UDP and TCP port (%(default)s)"
    )
    control.add_argument(
        "--osc-host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen (%(default)s: this machine only; 0.0.0.0: whoever reaches it)",
    )
    control.add_argument(
        "--web-port",
        type=_port_or_none,
        default=DEFAULT_WEB_PORT,
        metavar="PORT|none",
        help="of the page and OSCQuery (%(default)s); 0 takes a free one",
    )
    control.add_argument(
        "--web-host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where the page listens (%(default)s: this machine only; 0.0.0.0: whoever reaches it and has the token)",
    )
    control.add_argument(
        "--midi", action="append", default=[], metavar="NAME", help="MIDI input, repeatable, or 'none' (all of them)"
    )
    control.add_argument(
        "--clock", choices=PARAMETERS["clock"].choices, help="who sets the time, instead of the preset"
    )
    control.add_argument("--clock-in", metavar="NAME", help="the MIDI clock to follow, where several are heard")
    control.add_argument(
        "--clock-out", metavar="NAME", help="MIDI output that gets the clock; 'virtual': one of our own"
    )
    control.add_argument(
        "--clock-offset",
        type=float,
        metavar="MS",
        help="moves the sound against the clock, as 'calibrate' has measured",
    )
    _performance(control)
    _model(play)
    _far(play)
    play.add_argument("--quiet", action="store_true", help="warnings and errors only")


def of_render(render: argparse.ArgumentParser) -> None:
    render.add_argument("preset", nargs="?", metavar="PRESET", help="a preset's name or file")
    render.add_argument(
        "--session", type=Path, metavar="FILE", help="make the recording of a live session again, instead of a preset"
    )
    render.add_argument("-o", "--output", type=_new_file, required=True, metavar="OUT.wav", help="the file to write")
    render.add_argument("--bars", type=_positive(int), metavar="N", help="how much of it; with --midi all of the file")
    render.add_argument(
        "--midi", type=Path, metavar="FILE.mid", help="a MIDI file plays it: notes, controllers, and its tempo map"
    )
    render.add_argument(
        "--rate", dest="sample_rate", type=_positive(int), default=44100, metavar="HZ", help="sample rate (%(default)s)"
    )
    render.add_argument(
        "--generation",
        dest="generation_s",
        type=_positive(float),
        default=0.5,
        metavar="SECONDS",
        help="what a generation takes (%(default)s)",
    )
    _performance(render)
    _model(render)


def of_replay(replay: argparse.ArgumentParser) -> None:
    replay.add_argument("log", type=Path, metavar="LOG", help="what `play --log` has written")
    replay.add_argument("-o", "--output", type=_new_file, required=True, metavar="OUT.wav", help="the file to write")


def _far(play: argparse.ArgumentParser) -> None:
    far = play.add_argument_group("a model on another machine")
    far.add_argument("--workers", metavar="URL", help="where `riffsynth serve` makes the clips, while it answers")
    far.add_argument("--token", metavar="TOKEN", default=os.environ.get(TOKEN_VARIABLE), help=_TOKEN_HELP)


def of_convert(convert: argparse.ArgumentParser) -> None:
    convert.add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help="image or sound files, or folders")
    convert.add_argument("-o", "--output", type=Path, metavar="PLACE", help="a file or a folder (beside the source)")
    convert.add_argument("--to", choices=_ENDINGS, metavar="ENDING", help=f"{', '.join(_ENDINGS)} (.wav, .png)")
    convert.add_argument("--loop", action="store_true", help="fit the first 8 beats of a sound to one clip")
    convert.add_argument("--stereo", action="store_true", help="sound to images that hold left and right")
    convert.add_argument("--tempo", type=_positive(float), metavar="BPM", help="of the sound, instead of its own")
    convert.add_argument(
        "--rate", dest="sample_rate", type=_positive(int), default=44100, metavar="HZ", help="sample rate (%(default)s)"
    )
    convert.add_argument("--seed", type=int, default=0, metavar="SEED", help="of the phases (%(default)s)")
    convert.add_argument("--quiet", action="store_true", help="errors only")
    convert.epilog = """\
examples:
  riffsynth convert og_beat.png                    og_beat.wav, which loops without a seam
  riffsynth convert loops/ -o images/              every sound in it, with Riffusion's tags
  riffsynth convert clip.png -o clip.mp3 --tempo 120
"""


def of_generate(generate: argparse.ArgumentParser) -> None:
    generate.add_argument("prompts", nargs="*", metavar="PROMPT", help="a clip for each, and for each seed")
    generate.add_argument("--list", dest="list_file", type=Path, metavar="FILE", help="a YAML or JSON list of clips")
    generate.add_argument("-o", "--output", type=Path, default=Path(), metavar="FOLDER", help="where to (here)")
    clip = generate.add_argument_group("clips")
    clip.add_argument("--seeds", default="0", metavar="RANGE", help="such as 3 or 1-8,12 (%(default)s)")
    clip.add_argument("--negative", default="", metavar="PROMPT", help="what must not be heard")
    clip.add_argument("--to", metavar="PROMPT", help="the other end, with --alpha")
    clip.add_argument("--alpha", type=float, default=0.0, metavar="0..1", help="the way to the other end (%(default)s)")
    clip.add_argument("--strength", type=float, metavar="0..1", help="against --init (the model's own)")
    clip.add_argument("--guidance", type=float, metavar="N", help="how strictly (the model's own)")
    clip.add_argument("--steps", type=_positive(int), metavar="N", help="diffusion steps (the model's own)")
    clip.add_argument("--init", metavar="FILE", help="sound or image that strength works against")
    clip.add_argument("--mask", metavar="FILE", help="image, white where the init is painted anew")
    clip.add_argument("--sampler", default="own", metavar="NAME", help="own, ddim, euler, dpm or lcm (%(default)s)")
    clip.add_argument("--lora", action="append", default=[], metavar="FILE[=WEIGHT]", help="repeatable")
    files = generate.add_argument_group("files")
    files.add_argument("--sound", choices=_SOUND_ENDINGS, default=".wav", metavar="ENDING", help="(%(default)s)")
    files.add_argument("--tempo", type=_positive(float), metavar="BPM", help="of the sound, instead of the model's")
    files.add_argument("--batch", type=_positive(int), default=1, metavar="N", help="clips at a time (%(default)s)")
    files.add_argument("--quiet", action="store_true", help="errors only")
    _model(generate)
    generate.epilog = """\
examples:
  riffsynth generate "dub bass" --seeds 1-8 -o bass/
  riffsynth generate --list set.yaml -o set/       a list of {prompt: ..., seeds: 1-4, ...}
"""


def of_remake(remake: argparse.ArgumentParser) -> None:
    remake.add_argument("source", type=Path, metavar="SOUND", help="a sound file of any length")
    remake.add_argument("-o", "--output", type=_new_file, required=True, metavar="OUT.wav", help="the file to write")
    remake.add_argument("--prompt", default="", metavar="PROMPT", help="what it becomes")
    remake.add_argument("--to", metavar="PROMPT", help="another prompt, which it has become at its end")
    remake.add_argument("--negative", default="", metavar="PROMPT", help="what must not be heard")
    remake.add_argument(
        "--strength", type=float, default=0.5, metavar="0..1", help="0 leaves it, 1 knows only the prompt (%(default)s)"
    )
    remake.add_argument("--guidance", type=float, metavar="N", help="how strictly (the model's own)")
    remake.add_argument("--steps", type=_positive(int), metavar="N", help="diffusion steps (the model's own)")
    remake.add_argument("--seed", type=int, default=0, metavar="SEED", help="of the first clip (%(default)s)")
    remake.add_argument("--tempo", type=_positive(float), metavar="BPM", help="of the file, where it cannot be found")
    remake.add_argument("--quiet", action="store_true", help="errors only")
    _model(remake)


def of_serve(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--images", type=Path, metavar="FOLDER", help="seed images and masks, for Riffusion's clients")
    serve.add_argument("--loras", type=Path, metavar="FOLDER", help="LoRAs that instruments may ask for, by name")
    serve.add_argument("--token", metavar="TOKEN", default=os.environ.get(TOKEN_VARIABLE), help=_TOKEN_HELP)
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (%(default)s)")
    serve.add_argument("--port", type=_port, default=3013, metavar="PORT", help="TCP port (%(default)s)")
    serve.add_argument("--quiet", action="store_true", help="warnings and errors only")
    cluster = serve.add_argument_group("a Ray cluster", "instead of one model in this process; needs riffsynth[ray]")
    cluster.add_argument(
        "--ray",
        nargs="?",
        const="",
        metavar="HEAD:PORT",
        help="this cluster, or RAY_ADDRESS, or the one on this machine; where there is none one is started",
    )
    cluster.add_argument("--replicas", type=_positive(int), metavar="N", help="workers (as many as there are GPUs)")
    _model(serve)


def of_send(send: argparse.ArgumentParser) -> None:
    send.add_argument("address", metavar="ADDRESS", help="such as a/prompt, which is short for /riffsynth/a/prompt")
    send.add_argument("args", nargs="*", metavar="ARG", help="numbers and texts; none asks for the value")
    _instrument(send)
    as_json(send, "print the answers as a list of objects")
    send.epilog = """\
examples:
  riffsynth send a/prompt "solo double bass, walking"
  riffsynth send alpha 0.5
  riffsynth send tempo
  riffsynth send status
  riffsynth send '/riffsynth/*/seed' 7

Exits with 1 when nothing answers within a second, with 2 when the message is refused.
"""


def of_learn(learn: argparse.ArgumentParser) -> None:
    learn.add_argument("parameter", metavar="PARAMETER", help="such as alpha or a/strength")
    learn.add_argument("value", nargs="?", metavar="VALUE", help="what a pad or button sets it to")
    _instrument(learn)
    learn.epilog = """\
examples:
  riffsynth learn alpha                  then move a knob; an endless encoder up first, then down
  riffsynth learn a/prompt "deep dub"    then hit a pad
  riffsynth unlearn alpha
"""


def of_unlearn(unlearn: argparse.ArgumentParser) -> None:
    unlearn.add_argument("parameter", metavar="PARAMETER", help="such as a/strength")
    _instrument(unlearn)


def _instrument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where it plays (%(default)s)")
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_OSC_PORT, metavar="PORT", help="its UDP port (%(default)s)"
    )


def of_calibrate(calibrate: argparse.ArgumentParser) -> None:
    calibrate.add_argument("--audio", metavar="NAME", help="output device, or part of its name")
    calibrate.add_argument("--input", metavar="NAME", help="input device, or part of its name")
    calibrate.add_argument(
        "--port", type=_port, default=DEFAULT_OSC_PORT, metavar="PORT", help="OSC port of the instrument (%(default)s)"
    )
    as_json(calibrate, "print an object with the figures")


def of_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("preset", metavar="PRESET", help="a preset's name or file")
    as_json(check)


def of_patches(patches: argparse.ArgumentParser) -> None:
    patches.add_argument("--output", type=Path, metavar="FOLDER", help="where to, instead of the checkout's patches/")
    patches.add_argument("--check", action="store_true", help="write nothing; exit with 1 where files are out of date")


def of_bench(bench: argparse.ArgumentParser) -> None:
    bench.add_argument("name", metavar="NAME", help="which benchmark, or 'all'")
    as_json(bench, "print an object with the figures")


def as_json(parser: argparse.ArgumentParser, text: str = "print a list of objects") -> None:
    parser.add_argument("--json", action="store_true", help=text)


def _model(parser: argparse.ArgumentParser) -> None:
    model = parser.add_argument_group("model")
    model.add_argument("--model", metavar="FOLDER|HUB-ID", help="a model instead of the one that ships inside")
    model.add_argument(
        "--decoder", metavar="FOLDER", help="a small decoder (AutoencoderTiny) instead of the model's own"
    )
    model.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="where the model runs (%(default)s)"
    )


def _performance(parser: Any) -> None:
    parser.add_argument("--tempo", type=_positive(float), metavar="BPM", help="instead of the preset's")
    parser.add_argument("--seed", type=int, metavar="SEED", help="of both ends, instead of the preset's")


def _positive(kind: type) -> type:
    def parse(text: str) -> float | int:
        value = kind(text)
        if not 0 < value < float("inf"):
            raise argparse.ArgumentTypeError(f"a number above 0 is needed, found {text}")
        return value  # type: ignore[no-any-return]

    parse.__name__ = kind.__name__  # argparse names the type in its messages
    return parse  # type: ignore[return-value]


def _new_file(text: str) -> Path:
    """A file to be written: where its folder is missing that is said at once, not when all has been played."""
    path = Path(text)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}")
    return path


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"a port lies in 0..65535, found {text}")
    return port


def _port_or_none(text: str) -> int | None:
    return None if text == "none" else _port(text)
