"""Files: clips read from them, at once or while the instrument plays, sounds written, lists of clips to make."""
