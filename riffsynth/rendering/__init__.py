"""Offline: a preset performed in virtual time, and a live session made again, into files."""
