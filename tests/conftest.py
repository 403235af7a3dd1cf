"""Fixtures that every room of tests may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from real_parts import JackServer, server_name, start_jack


@pytest.fixture
def jack_server(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[JackServer]:
    """A private JACK server with two outputs; processes that the test starts use it as their sound card.

    One for each test: a client that was killed holds a synchronous server up.
    """
    with server_name() as name:
        server = start_jack(name, tmp_path_factory.mktemp("jack") / "jackd.log")
        monkeypatch.setenv("JACK_DEFAULT_SERVER", server.name)
        monkeypatch.setenv("JACK_NO_START_SERVER", "1")
        yield server
        server.stop()
