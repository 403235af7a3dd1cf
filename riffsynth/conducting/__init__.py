"""What to ask the model for next, and when it enters."""
