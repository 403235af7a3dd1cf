"""What the input hears, kept for a while, so that the last beats of it can be an init clip."""
