"""What the inputs hear: kept for a while, so that the last beats of it can be an init clip, and how loud it is now."""
