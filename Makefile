# make play [ARGS="presets/dub.yaml --tempo 128"]   hear it
# make test                                         the tests (short suite)
.PHONY: play test test-all check setup bench

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
