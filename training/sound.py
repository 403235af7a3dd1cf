"""A phrase as sound: a sound font plays it, tails wrap around, and the loop has one reference loudness."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from training.compose import BEATS, STEPS, Phrase
from training.drums import KIT_BY_NAME
from training.effects import EFFECTS
from training.instruments import BY_NAME

SAMPLE_RATE = 44100
FONT = Path(os.environ.get("RIFFSYNTH_SOUND_FONT", "/usr/share/sounds/sf3/FluidR3Mono_GM.sf3"))

CHANNELS = {"drums": 9, "bass": 1, "keys": 2, "lead": 3, "pad": 4}
PART_LEVEL_DB = {"drums": -2.5, "bass": -2.0, "keys": -4.5, "lead": -2.5, "pad": -11.0}
"""How loud the parts of a mix are against each other, once every instrument's own level is evened out."""
VOLUME_SPREAD_DB = 1.5

BASE_VOLUME = 60
"""MIDI volume of a part at 0 dB: low enough that quiet instruments can be turned up."""
ONE_NOTE_RMS = 0.0022
"""What one note of a middling instrument measures at that volume."""

REFERENCE_RMS = 0.1
PEAK_LIMIT = 0.9
SEAM_S = 0.006
REVERB_S = 1.4
REVERB_LEVEL = 0.35


class FontSynth:
    """A sound font player, reused from clip to clip."""

    def __init__(self, font: Path = FONT) -> None:
        import tinysoundfont  # see README.md

        if not font.exists():
            raise FileNotFoundError(f"{font} is missing: install fluidr3mono-gm-soundfont or set RIFFSYNTH_SOUND_FONT")
        self._synth = tinysoundfont.Synth(gain=-12.0, samplerate=SAMPLE_RATE)
        self._font = self._synth.sfload(str(font))
        self._levels: dict[str, float] = {}
        impulse = np.random.default_rng(0).standard_normal(round(REVERB_S * SAMPLE_RATE))
        impulse *= 10 ** (-3.0 * np.arange(impulse.size) / impulse.size)
        self._impulse = (impulse / np.sqrt((impulse**2).sum())).astype(np.float32)

    def loop(self, phrase: Phrase) -> NDArray[np.float32]:
        """The phrase as one closed loop, mono (samples,); sample 0 is the downbeat."""
        rng = np.random.default_rng([phrase.seed, 1])
        self._prepare(phrase, rng)
        if phrase.effect is None:
            audio = self._pass(phrase, tuple(phrase.parts))
        else:
            audio = EFFECTS[phrase.effect](self._pass(phrase, phrase.affected), SAMPLE_RATE, BEATS, rng)
            plain = tuple(role for role in phrase.parts if role not in phrase.affected)
            if plain:
                audio = audio + self._pass(phrase, plain)
        if phrase.reverb:
            audio = self._reverberate(audio, phrase.reverb)
        return level(audio)

    def _pass(self, phrase: Phrase, roles: tuple[str, ...]) -> NDArray[np.float32]:
        """Some parts of the prepared phrase as a closed loop (samples,)."""
        length = round(phrase.seconds * SAMPLE_RATE)
        seam = round(SEAM_S * SAMPLE_RATE)
        self._synth.sounds_off()
        self._synth.generate(256)
        sound = self._play(_events(phrase, roles, length), length, seam)
        # The second pass has the first one's tails. What follows its end is the third pass: fade from that into it.
        audio = sound[length : 2 * length].copy()
        fade = np.linspace(0.0, 1.0, seam, dtype=np.float32)
        audio[:seam] = fade * audio[:seam] + (1.0 - fade) * sound[2 * length : 2 * length + seam]
        return audio

    def _prepare(self, phrase: Phrase, rng: np.random.Generator) -> None:
        for role in phrase.parts:
            channel = CHANNELS[role]
            if role == "drums":
                assert phrase.kit is not None
                self._synth.program_select(channel, self._font, 128, KIT_BY_NAME[phrase.kit].program, True)
                own_level = 0.0
            else:
                self._synth.program_select(channel, self._font, 0, BY_NAME[phrase.instruments[role]].program)
                own_level = self._own_level(phrase.instruments[role])
            gain_db = PART_LEVEL_DB[role] - own_level + rng.normal(0.0, VOLUME_SPREAD_DB)
            # The synthesiser's volume control is cubic: 127 is full.
            self._synth.control_change(channel, 7, int(np.clip(round(BASE_VOLUME * 10 ** (gain_db / 60)), 1, 127)))

    def _own_level(self, name: str) -> float:
        """Loudness in dB of an instrument's middle note against a common reference, measured once."""
        if name not in self._levels:
            instrument = BY_NAME[name]
            self._synth.program_select(15, self._font, 0, instrument.program)
            self._synth.control_change(15, 7, BASE_VOLUME)
            key = (instrument.low + instrument.high) // 2
            self._synth.noteon(15, key, 100)
            sound = self._generate(SAMPLE_RATE // 2)
            self._synth.control_change(15, 120, 0)
            self._synth.generate(256)
            rms = float(np.sqrt((sound**2).mean()))
            self._levels[name] = float(np.clip(20 * np.log10(rms / ONE_NOTE_RMS + 1e-6), -14, 14))
        return self._levels[name]

    def _play(self, events: list[tuple[int, bool, int, int, int]], length: int, extra: int) -> NDArray[np.float32]:
        """Two passes and the first `extra` samples of a third."""
        total = 2 * length + extra
        sound = np.zeros(total, np.float32)
        position = 0
        for turn in range(3):
            for at, on, channel, key, velocity in events:
                moment = turn * length + at
                if moment >= total:
                    break
                if moment > position:
                    sound[position:moment] = self._generate(moment - position)
                    position = moment
                if on:
                    self._synth.noteon(channel, key, velocity)
                else:
                    self._synth.noteoff(channel, key)
        if position < total:
            sound[position:] = self._generate(total - position)
        return sound

    def _generate(self, samples: int) -> NDArray[np.float32]:
        return np.frombuffer(self._synth.generate(samples), np.float32).reshape(-1, 2).mean(axis=1)

    def _reverberate(self, audio: NDArray[np.float32], amount: float) -> NDArray[np.float32]:
        """A diffuse tail that wraps around the loop: circular convolution by the product of spectra."""
        impulse = np.zeros_like(audio)
        used = self._impulse[: audio.size]
        impulse[: used.size] = used
        wet = scipy.fft.irfft(scipy.fft.rfft(audio) * scipy.fft.rfft(impulse), audio.size)
        return (audio + REVERB_LEVEL * amount * wet).astype(np.float32)


def level(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """The loop at the reference loudness, or as loud as its peaks allow."""
    rms, peak = float(np.sqrt((audio**2).mean())), float(np.abs(audio).max())
    if peak < 1e-6:
        raise ValueError("a silent loop")
    return audio * np.float32(min(REFERENCE_RMS / rms, PEAK_LIMIT / peak))


def _events(phrase: Phrase, roles: tuple[str, ...], length: int) -> list[tuple[int, bool, int, int, int]]:
    """(sample, on, channel, key, velocity) of some parts within one pass, in order; at one sample notes end before
    others begin."""
    step = length / STEPS
    events = []
    for role in roles:
        for note in phrase.parts[role]:
            start = note.step * step + note.late_s * SAMPLE_RATE
            on = round(start) % length
            off = round(start + note.length * step) % length
            events.append((on, True, CHANNELS[role], note.key, int(np.clip(note.velocity, 1, 127))))
            if role != "drums":
                events.append((off, False, CHANNELS[role], note.key, 0))
    return sorted(events)
