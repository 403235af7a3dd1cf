"""A model on another machine: clips over HTTP, behind the same seam as the worker beside us."""
