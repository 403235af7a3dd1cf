"""Desks for pages: see `desk.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from desk import Desk

from riffsynth.control.store import ParameterStore


@pytest.fixture(scope="session")
def shared_desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    """One desk for all tests, with the values of the beginning."""
    shared_desk.do(lambda: shared_desk.store.load(ParameterStore().snapshot(), source="test"))
    return shared_desk


@pytest.fixture
def new_desk() -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(*args: Any, **options: Any) -> Desk:
        desks.append(Desk(*args, **options))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()
