"""A circular model does not know where the loop begins: what is rolled in comes out rolled."""

from __future__ import annotations

import copy

import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import Tensor

from riffsynth.diffusion.circular import make_circular, wrap_columns

TOLERANCE = 2e-5


@pytest.fixture(autouse=True)
def fixed_weights() -> None:
    torch.manual_seed(0)


def autoencoder() -> AutoencoderKL:
    return AutoencoderKL(
        in_channels=1,
        out_channels=1,
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        block_out_channels=(8, 8, 16),
        latent_channels=4,
        norm_num_groups=4,
    ).eval()


def unet() -> UNet2DConditionModel:
    return UNet2DConditionModel(
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=(8, 16),
        layers_per_block=1,
        cross_attention_dim=8,
        attention_head_dim=4,
        norm_num_groups=4,
    ).eval()


def distance(a: Tensor, b: Tensor) -> float:
    return float((a - b).abs().max() / b.abs().max())


@torch.no_grad()
@pytest.mark.parametrize("columns", [1, 3, 7])
def test_decoder_rolls_with_its_latents(columns: int) -> None:
    vae = make_circular(autoencoder())
    latents = torch.randn(1, 4, 6, 8)
    rolled = vae.decode(latents.roll(columns, -1)).sample
    assert distance(rolled, vae.decode(latents).sample.roll(4 * columns, -1)) < TOLERANCE


@torch.no_grad()
@pytest.mark.parametrize("columns", [1, 3, 7])
def test_encoder_rolls_with_its_image_by_whole_latent_columns(columns: int) -> None:
    vae = make_circular(autoencoder())
    image = torch.randn(1, 1, 24, 32)
    rolled = vae.encode(image.roll(4 * columns, -1)).latent_dist.mode()
    assert distance(rolled, vae.encode(image).latent_dist.mode().roll(columns, -1)) < TOLERANCE


@torch.no_grad()
@pytest.mark.parametrize("columns", [2, 6])
def test_unet_rolls_by_whole_columns_of_its_coarsest_level(columns: int) -> None:
    model = make_circular(unet())
    latents, text = torch.randn(1, 4, 6, 8), torch.randn(1, 5, 8)
    rolled = model(latents.roll(columns, -1), 500, text).sample
    assert distance(rolled, model(latents, 500, text).sample.roll(columns, -1)) < TOLERANCE


@torch.no_grad()
def test_frequency_does_not_wrap() -> None:
    vae = make_circular(autoencoder())
    latents = torch.randn(1, 4, 6, 8)
    rolled = vae.decode(latents.roll(1, -2)).sample
    assert distance(rolled, vae.decode(latents).sample.roll(4, -2)) > 0.05


@torch.no_grad()
def test_without_it_the_ends_do_not_meet() -> None:
    vae = autoencoder()
    latents = torch.randn(1, 4, 6, 8)
    assert distance(vae.decode(latents.roll(3, -1)).sample, vae.decode(latents).sample.roll(12, -1)) > 0.01


def test_state_dict_is_untouched_and_copies_stay_circular() -> None:
    plain = autoencoder()
    circular = make_circular(copy.deepcopy(plain))
    make_circular(circular)
    assert list(plain.state_dict()) == list(circular.state_dict())
    plain_types = {type(m).__name__ for m in plain.modules()}
    assert "CircularConv2d" not in plain_types
    assert {type(m).__name__ for m in copy.deepcopy(circular).modules()} >= {"CircularConv2d", "CircularDownsample2D"}


def test_wrap_columns() -> None:
    x = torch.arange(4.0)[None]
    assert wrap_columns(x, 1, 2).tolist() == [[3.0, 0.0, 1.0, 2.0, 3.0, 0.0, 1.0]]


def test_a_convolution_padded_by_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="same"):
        make_circular(torch.nn.Sequential(torch.nn.Conv2d(1, 1, 3, padding="same")))
