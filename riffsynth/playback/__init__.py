"""The player: decks of clips read by a playhead, synthesised hop by hop, limited, sent out and recorded. No torch."""
