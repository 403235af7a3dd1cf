"""The processes: started, watched, joined by pipes, taken over."""
