"""Whole models of a few thousand random weights, saved as folders: Riffusion's layout, and the embedded model's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    PNDMScheduler,
    UNet2DConditionModel,
)
from transformers import BertConfig, BertModel, BertTokenizer, CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from riffsynth.spectrogram.spec import EMBEDDED, RIFFUSION, SPEC_FILE, SpectrogramSpec

WIDTH = 16
SMALL = replace(RIFFUSION, bands=64, columns=64, windows=RIFFUSION.windows)
"""Riffusion's measure, in a picture of 64 x 64."""
SMALL_EMBEDDED = replace(EMBEDDED, bands=32, columns=64)

_STABLE_DIFFUSION_NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
SCHEDULERS: dict[str, Any] = {
    "PNDM": lambda: PNDMScheduler(**_STABLE_DIFFUSION_NOISE, skip_prk_steps=True, steps_offset=1),
    "DDIM": lambda: DDIMScheduler(**_STABLE_DIFFUSION_NOISE, clip_sample=False, set_alpha_to_one=False, steps_offset=1),
    "DPMSolverMultistep": lambda: DPMSolverMultistepScheduler(**_STABLE_DIFFUSION_NOISE),
    "EulerDiscrete": lambda: EulerDiscreteScheduler(**_STABLE_DIFFUSION_NOISE),
    "FlowMatchEuler": FlowMatchEulerDiscreteScheduler,
}


def save_riffusion(folder: Path, scheduler: str = "DDIM", spec: SpectrogramSpec | None = SMALL) -> Path:
    """A model as Stable Diffusion's folders are: CLIP, three colours, four latent channels."""
    torch.manual_seed(1)
    tokenizer = _clip_tokenizer(folder / "words")
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=77,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    text_encoder = CLIPTextModel(config)
    for name, parameter in text_encoder.named_parameters():
        if name.endswith("final_layer_norm.bias"):  # as trained ones have it; without it their mean would be rounding
            torch.nn.init.constant_(parameter, 0.2)
    return _save(
        folder,
        spec,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        scheduler=SCHEDULERS[scheduler](),
        unet=_unet(4, 4),
        vae=_vae(colours=3, channels=4, levels=4),
    )


def save_embedded(folder: Path, spec: SpectrogramSpec = SMALL_EMBEDDED) -> Path:
    """A model as the embedded one is: BERT, one colour, rectified flow, position channels, pooled text."""
    torch.manual_seed(2)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "piano", "drums", "bass", "no", ",", "(", ")", "a", "b"]
    source = folder / "words"
    source.mkdir(parents=True)
    (source / "vocab.txt").write_text("\n".join(words) + "\n")
    tokenizer = BertTokenizer(str(source / "vocab.txt"), model_max_length=12)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=2 * WIDTH,
        max_position_embeddings=12,
        type_vocab_size=1,
    )
    folder = _save(
        folder,
        spec,
        text_encoder=BertModel(config, add_pooling_layer=False),
        tokenizer=tokenizer,
        scheduler=FlowMatchEulerDiscreteScheduler(),
        unet=_unet(
            8 + 4,
            8,
            resnet_time_scale_shift="scale_shift",
            addition_embed_type="text",
            addition_embed_type_num_heads=2,
        ),
        vae=_vae(colours=1, channels=8, levels=4, mid_block_add_attention=False),
    )
    defaults = {"default_steps": 3, "default_guidance": 2.5, "default_strength": 0.4}
    (folder / "riffsynth.json").write_text(json.dumps(defaults))
    return folder


def _unet(takes: int, gives: int, **options: Any) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=takes,
        out_channels=gives,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=(8, 16),
        layers_per_block=1,
        cross_attention_dim=WIDTH,
        attention_head_dim=2,
        norm_num_groups=4,
        **options,
    )


def save_small_decoder(folder: Path, channels: int = 4, levels: int = 4) -> Path:
    """An AutoencoderTiny, as small ones are told to lie beside a model."""
    torch.manual_seed(3)
    tiny = AutoencoderTiny(
        encoder_block_out_channels=(4,) * levels,
        decoder_block_out_channels=(4,) * levels,
        num_encoder_blocks=(1,) * levels,
        num_decoder_blocks=(1,) * levels,
        latent_channels=channels,
    )
    tiny.save_pretrained(folder)
    return folder


def _vae(colours: int, channels: int, levels: int, **options: Any) -> AutoencoderKL:
    return AutoencoderKL(
        in_channels=colours,
        out_channels=colours,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        block_out_channels=(4,) * levels,
        layers_per_block=1,
        latent_channels=channels,
        norm_num_groups=2,
        scaling_factor=0.9,
        **options,
    )


def _clip_tokenizer(source: Path) -> CLIPTokenizer:
    """CLIP's byte-level tokens without merges: a token a letter."""
    printable = [chr(c) for c in (*range(33, 127), *range(161, 173), *range(174, 256))]
    letters = printable + [chr(256 + i) for i in range(256 - len(printable))]
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    source.mkdir(parents=True)
    (source / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(words)}))
    (source / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer(str(source / "vocab.json"), str(source / "merges.txt"), model_max_length=77)


def _save(folder: Path, spec: SpectrogramSpec | None, **parts: Any) -> Path:
    index = {"_class_name": "StableDiffusionPipeline", "safety_checker": [None, None]}
    for name, part in parts.items():
        part.save_pretrained(folder / name)
        library = type(part).__module__.split(".")[0]
        index[name] = [library, type(part).__name__]
    (folder / "model_index.json").write_text(json.dumps(index))
    if spec:
        (folder / SPEC_FILE).write_text(spec.to_json())
    return folder
