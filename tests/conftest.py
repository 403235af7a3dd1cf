"""Fixtures that every room of tests may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from real_parts import JackServer, server_name, start_jack

SECOND_TRIES = 2
"""A machine that other programs share can stop a real sound server for a moment; what is wrong stays wrong."""

# A machine that is shared stops for longer than hypothesis allows an example to take.
settings.register_profile("riffsynth", deadline=None)
settings.load_profile("riffsynth")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever plays through a real sound server is `realtime`, and may try again."""
    for item in items:
        if "jack_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.realtime)
        if item.get_closest_marker("realtime"):
            item.add_marker(pytest.mark.flaky(reruns=SECOND_TRIES, reruns_delay=1))


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
