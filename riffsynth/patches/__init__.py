"""What other programs open to play riffsynth, made from the table of parameters by `riffsynth patches`."""
