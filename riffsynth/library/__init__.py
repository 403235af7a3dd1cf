"""The model as a library, without an instrument: what `import riffsynth` gives a script or a notebook."""
