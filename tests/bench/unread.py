"""A terminal that nobody reads for a minute: the long form of `test_lifecycle`.

`pytest -n 0 tests/bench/unread.py`
"""

import pytest

from tests.trust.conftest import OpenTerminal, Serve, dashboard, environment, serve
from tests.trust.test_lifecycle import left_unread

__all__ = ["dashboard", "environment", "serve"]

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]


def test_a_minute_unread_costs_no_line_and_brings_no_loss(
    serve: Serve, dashboard: OpenTerminal
) -> None:
    left_unread(serve, dashboard, 130_000, width=100)
