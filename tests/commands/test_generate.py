"""`riffsynth generate`: prompts, seeds and lists become images and sounds."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from riffsynth.cli import main
from riffsynth.files.clip_lists import ListError, Wanted, file_names, read_list, seeds
from riffsynth.spectrogram.image import read_image

sys.path.append(str(Path(__file__).resolve().parents[1] / "diffusion"))
from small_models import SMALL, save_riffusion


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    torch.set_num_threads(1)  # threads that wait for each other slow small models down
    return str(save_riffusion(tmp_path_factory.mktemp("generate") / "model"))


def generate(*arguments: object) -> int:
    return main(["generate", "--device", "cpu", "--quiet", *map(str, arguments)])


def test_each_prompt_and_seed_is_an_image_and_a_loop(model: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert generate("piano", "Drums, no bass!", "--seeds", "1-2", "--steps", 2, "--model", model, "-o", out) == 0
    names = ["drums-no-bass-1", "drums-no-bass-2", "piano-1", "piano-2"]
    assert sorted(path.name for path in out.iterdir()) == sorted(f"{n}{e}" for n in names for e in (".png", ".wav"))
    clip = read_image(out / "piano-2.png")
    assert clip.spec == SMALL and clip.request and (clip.request.a.prompt, clip.request.a.seed) == ("piano", 2)
    sound, rate = soundfile.read(out / "piano-2.wav")
    assert sound.size == round(64 * 0.01 * rate) and np.abs(sound).max() > 0.01


def test_a_list_says_it_all_and_a_batch_makes_the_same_clips(model: str, tmp_path: Path) -> None:
    assert generate("piano", "--steps", 2, "--model", model, "-o", tmp_path) == 0
    (tmp_path / "set.yaml").write_text(
        "steps: 2\nclips:\n  - no\n  - {prompt: piano, to: drums, alpha: 0.5, seeds: [1, 2], name: Way}\n"
        "  - {prompt: bass, init: piano-0.png, strength: 0.5}\n"
    )
    for folder, batch in (("one", 1), ("many", 3)):
        arguments = ("--list", tmp_path / "set.yaml", "--batch", batch, "--model", model, "-o", tmp_path / folder)
        assert generate(*arguments) == 0
    names = sorted(path.name for path in (tmp_path / "one").glob("*.png"))
    assert names == ["bass-0.png", "no-0.png", "way-1.png", "way-2.png"]
    for name in names:
        one, many = (read_image(tmp_path / folder / name).mel for folder in ("one", "many"))
        assert np.abs(one - many).max() < 0.02 * SMALL.full_scale


def test_an_init_is_heard_without_a_strength_too(model: str, tmp_path: Path) -> None:
    arguments = ("--steps", 4, "--model", model, "-o")
    assert generate("piano", *arguments, tmp_path) == 0
    init = tmp_path / "piano-0.png"
    for folder, strength in (("unsaid", ()), ("said", ("--strength", 0.75)), ("noise", ("--strength", 1))):
        assert generate("bass", "--init", init, *strength, *arguments, tmp_path / folder) == 0
    unsaid, said, noise = (read_image(tmp_path / folder / "bass-0.png").mel for folder in ("unsaid", "said", "noise"))
    assert np.array_equal(unsaid, said) and not np.array_equal(unsaid, noise)


def test_what_cannot_be_made_is_told_and_the_rest_is_made(model: str, tmp_path: Path, capfd) -> None:
    (tmp_path / "set.json").write_text('[{"prompt": "piano", "steps": 1}, {"prompt": "x", "init": "gone.wav"}]')
    assert generate("--list", tmp_path / "set.json", "--model", model, "-o", tmp_path / "out") == 2
    assert "gone.wav" in capfd.readouterr().err
    assert (tmp_path / "out" / "piano-0.wav").exists()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "a list of clips"),
        ("prompt: piano", "a list of clips"),
        ("- [1]", "entry 1 is neither"),
        ("- {promt: x}", "entry 1: there is no key promt; did you mean prompt?"),
        ("- x\n- {alpha: 2}", "entry 2: alpha is a number 0..1, found '2'"),
        ("- {seeds: 4-1}", "seeds go up"),
        ("- {seeds: x}", "seeds are written as"),
        ("- {loras: 3}", "a map of files and weights"),
        ("- {prompt: [a]}", "prompt is a text"),
        ("- {a: [}", "cannot be read"),
    ],
)
def test_a_bad_list_is_told_with_its_entry(tmp_path: Path, text: str, hint: str) -> None:
    (tmp_path / "set.yaml").write_text(text)
    with pytest.raises(ListError, match=r"set\.yaml") as caught:
        read_list(tmp_path / "set.yaml")
    assert hint in str(caught.value) and "\n" not in str(caught.value)


def test_seeds_and_names() -> None:
    assert seeds("1-3, 9") == (1, 2, 3, 9) and seeds("0") == (0,)
    with pytest.raises(ListError):
        seeds("0-4294967295")
    entries = [Wanted("a b", seeds=(1,)), Wanted("A  B!", seeds=(1,)), Wanted("太鼓"), Wanted("///")]
    assert [name for *_, name in file_names(entries)] == ["a-b-1", "a-b-1-2", "太鼓-0", "clip-0"]
