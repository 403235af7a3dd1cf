# make play [ARGS="presets/dub.yaml --tempo 128"]   hear it
# make test                                         the tests (short suite)
# make docs                                         the site of docs, in docs/_build
.PHONY: play test test-all check setup bench docs soak

setup:
	@sh setup.sh play

play:
	@sh setup.sh play
	@.venv/bin/riffsynth play $(ARGS)

test:
	@sh setup.sh test
	.venv/bin/python -m pytest -m "not slow" $(ARGS)

test-all:
	@sh setup.sh test
	.venv/bin/python -m pytest $(ARGS)

check:
	@sh setup.sh test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

bench:
	@sh setup.sh play
	@.venv/bin/riffsynth bench all $(ARGS)

docs:
	@sh setup.sh docs
	.venv/bin/python -m sphinx -q -W docs docs/_build
	@echo docs/_build/index.html

soak:
	@sh setup.sh test
	.venv/bin/python benchmarks/soak.py $(ARGS)
