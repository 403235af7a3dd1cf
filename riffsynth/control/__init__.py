"""Hands on the instrument: the values of the parameters, OSC, MIDI and their mapping. No torch, no DSP."""
