"""What the listener is told of a clip, and that it hears keys wherever they lie."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from riffsynth.spectrogram.spec import EMBEDDED
from training.compose import compose
from training.instruments import BY_NAME
from training.listener import CLASSES, FILE, UNKNOWN, KeyEar, Listener, accuracy, presence, truth, truths
from training.prompts import UNSEEN_LEADS, UNSEEN_STYLES

CLIPS = [compose(seed).describe() for seed in range(200)]


def test_truth_is_what_was_composed() -> None:
    for clip in CLIPS:
        true = truth(clip)
        lead = clip["instruments"].get("lead")
        assert true["lead"] == (CLASSES["lead"].index(lead) if lead else UNKNOWN)
        assert (true["tonic"] == UNKNOWN) == (clip["parts"] == ["drums"])
        if clip["mode"] == "minor" and true["tonic"] != UNKNOWN:
            assert (true["scale"] - true["tonic"]) % 12 == 3
    assert presence(CLIPS).shape == (200, 4) and all(len(values) == 200 for values in truths(CLIPS).values())


def test_a_key_is_heard_the_same_in_every_transposition() -> None:
    ear = KeyEar().eval()
    chroma = torch.rand(1, len(KeyEar.RANGES_HZ), 8, 12)
    scores = [ear.scored(chroma.roll(shift, 3))[0] for shift in (0, 5)]
    assert torch.allclose(scores[0].roll(5, 1), scores[1], atol=1e-5)


def test_what_is_kept_is_what_was_trained(tmp_path: Path) -> None:
    listener = Listener()
    listener.save(tmp_path / "ears.safetensors")
    images = torch.rand(3, EMBEDDED.bands, EMBEDDED.columns)
    again = Listener.load(tmp_path / "ears.safetensors").hear(images)
    heard = listener.hear(images)
    assert torch.allclose(heard.features, again.features, rtol=0.02, atol=0.02)
    assert heard.present.shape == (3, 4) and heard.family.shape == (3,)


def test_accuracy_counts_only_what_is_known() -> None:
    assert accuracy(torch.tensor([1, 2, 3]), torch.tensor([1, 0, UNKNOWN])) == 0.5


def test_the_frozen_listener_is_small() -> None:
    if not FILE.exists():
        pytest.skip("no listener has been trained yet")
    assert FILE.stat().st_size < 2 * 2**20
    Listener.load()


def test_unseen_words_are_in_no_caption() -> None:
    from training.styles import STYLES

    known = {word for i in BY_NAME.values() for word in i.words} | {word for s in STYLES for word in s.words}
    assert not known & {*UNSEEN_LEADS, *UNSEEN_STYLES}
