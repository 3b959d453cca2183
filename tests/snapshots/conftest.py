"""Fixture of pictures that show times."""

import time
from collections.abc import Iterator

import pytest
import time_machine

from tests.support.canned import NOW


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock stands still, in UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    with time_machine.travel(NOW, tick=False):
        yield
    monkeypatch.undo()
    time.tzset()
