"""What brings a whole sound back: presets and their set, morphs between them, snapshots, undo, and edited files."""
