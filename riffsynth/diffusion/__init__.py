"""From a request to a clip: model loading, interpolation, sampling, and the worker process around them."""
