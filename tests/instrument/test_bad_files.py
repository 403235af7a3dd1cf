"""Images, masks and LoRAs that do not fit, sent while it plays: each is told in one line, clips are made without it,
and the sound goes on."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import numpy as np
import pytest
from made_clips import save, tone_clip
from PIL import Image
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from safetensors.numpy import save_file

PRESET = """
a: {prompt: "house drums", strength: 0.6}
b: {prompt: "techno drums", strength: 0.6}
alpha: 0.5
tempo: 150
quantize: 0
"""
CLIP_PLAYER = "init: {clip}\nstrength: 0\ntempo: 150\n"
QUIET = 1e-4
BEAT = 44100 * 60 // 150
TOLD_WITHIN_S = 30.0
STILL_S = 1.0
"""So long after a fault is told, nothing more is told of it."""


def picture(path: Path, width: int, height: int) -> Path:
    Image.fromarray(np.full((height, width), 200, np.uint8)).save(path)
    return path


def text(path: Path) -> Path:
    path.write_text("not what its name says")
    return path


def lora(path: Path, module: str, inputs: int, outputs: int) -> Path:
    """A small one as kohya writes them, for a 3 x 3 convolution of a model that is not the embedded one."""
    rank = 2
    down, up = np.ones((rank, inputs, 3, 3), np.float32), np.ones((outputs, rank, 1, 1), np.float32)
    save_file({f"lora_unet_{module}.lora_down.weight": down, f"lora_unet_{module}.lora_up.weight": up}, path)
    return path


def rests(status: dict) -> bool:
    """What was asked for is made."""
    return bool(status["clips"]) and not status["generating"]


class Errors:
    """What is told under /riffsynth/error to whoever asked to be told."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.sendto(OscMessageBuilder("/riffsynth/notify").build().dgram, ("127.0.0.1", port))

    def within(self, seconds: float, enough: int) -> list[str]:
        """Those that come in so many seconds; it waits no longer once there are `enough`."""
        told: list[str] = []
        until = time.monotonic() + seconds
        while len(told) < enough and (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                datagram = self._socket.recv(65536)
            except TimeoutError:
                break
            if datagram.startswith(b"/riffsynth/error\0"):
                told.append(str(OscMessage(datagram).params[0]))
        return told

    def close(self) -> None:
        self._socket.close()


@pytest.mark.slow
def test_a_model_that_its_loader_refuses_is_told_once_and_the_clip_plays_on(perform, tmp_path):
    """Whole by the names of its files, but its index names no parts: found only where torch is."""
    model = tmp_path / "model"
    for part in ("unet", "vae", "text_encoder", "tokenizer", "scheduler"):
        (model / part).mkdir(parents=True)
        save_file({"weight": np.zeros(9, np.float32)}, model / part / "model.safetensors")
    (model / "model_index.json").write_text("{}")
    preset = CLIP_PLAYER.format(clip=save(tone_clip(440.0), tmp_path, "tone"))
    performance = perform(preset, "--audio", "null", "--model", str(model))
    performance.wait(lambda status: "names no unet" in performance.said(), 60)
    performance.send("/riffsynth/a/prompt", "rain")
    first = performance.play_on(2.0)
    last = performance.play_on(3.0)
    said = performance.said()
    assert said.count("names no unet") == 1 and "Traceback" not in said
    heard = np.abs(performance.stop()[first:last])
    assert (heard[: heard.size // BEAT * BEAT].reshape(-1, BEAT).max(axis=1) > QUIET).all()


@pytest.mark.slow
def test_files_that_do_not_fit_are_told_in_a_line_and_cost_no_sample(perform, tmp_path):
    faults = [
        ("init", picture(tmp_path / "small.png", 100, 60), "100 x 60 pixels"),
        ("init", text(tmp_path / "text.png"), "not an image that can be read"),
        ("init", tmp_path / "nowhere.png", "there is no such file"),
        ("mask", picture(tmp_path / "mask.png", 100, 60), "the mask is 100 x 60 pixels"),
        ("mask", text(tmp_path / "text-mask.png"), "not a mask that can be read"),
        ("mask", tmp_path / "no-mask.png", "there is no such file"),
        ("lora1", lora(tmp_path / "wide.safetensors", "conv_in", 4, 320), "a LoRA for another model"),
        ("lora1", lora(tmp_path / "deep.safetensors", "down_blocks_9_conv", 4, 8), "a LoRA for another model"),
        ("lora1", text(tmp_path / "text.safetensors"), "not a .safetensors file"),
        ("lora1", tmp_path / "nowhere.safetensors", "there is no such LoRA file"),
    ]
    performance = perform(PRESET, "--audio", "null")
    before = performance.wait(lambda status: rests(status) and status["loudness_db"] > -60, 120)
    errors = Errors(performance.port)
    for seed, (parameter, path, what) in enumerate(faults, 1):
        performance.send("/riffsynth/init", "playing" if parameter == "mask" else "none")
        performance.wait(rests)
        performance.send(f"/riffsynth/{parameter}", str(path))
        told = errors.within(TOLD_WITHIN_S, 1) + errors.within(STILL_S, 9)
        assert len(told) == 1 and what in told[0] and "\n" not in told[0], (parameter, path.name, told)
        clips = performance.wait(rests)["clips"]
        performance.send("/riffsynth/a/seed", seed)
        performance.wait(lambda status, clips=clips: rests(status) and status["clips"] > clips, 60)
        assert not errors.within(STILL_S, 1)
        performance.send(f"/riffsynth/{parameter}", "none")
    errors.close()
    after = performance.status()
    recorded = performance.stop()
    assert np.array_equal(recorded, performance.replayed())
    assert after["worker_starts"] == 1
    heard = recorded[before["frame"] : after["frame"]]
    beats = np.abs(heard[: heard.size // BEAT * BEAT]).reshape(-1, BEAT).max(axis=1)
    assert after["underruns"] > before["underruns"] or (beats > QUIET).all()
