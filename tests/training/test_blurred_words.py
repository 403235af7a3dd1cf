"""Words with noise on them, as training hears them."""

from __future__ import annotations

import torch

from training.text import BLUR, HIDDEN, MAX_TOKENS, blurred


def test_some_prompts_are_blurred_as_a_whole_and_the_others_are_left_alone() -> None:
    torch.manual_seed(0)
    words = torch.randn(400, MAX_TOKENS, HIDDEN)
    off = (blurred(words) - words).std((1, 2))
    left = off == 0
    assert 0.4 < float(left.float().mean()) < 0.6
    assert torch.allclose(off[~left], torch.tensor(BLUR), rtol=0.05)
