"""Musical time: the timeline, the clocks that steer it, and the sound card's frames mapped to it."""
