"""Spectrograms: how they are measured, written as images, inverted, and played as a stream of sound."""
