"""Files: clips read from them while the instrument plays, sounds written to them, lists of clips to make."""
