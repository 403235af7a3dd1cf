"""What the instrument tells of itself: terminal, screen, status, faults."""
