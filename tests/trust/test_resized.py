"""After a change of size a terminal may show anything, so all of it is sent again."""

import pytest

from tests.trust.conftest import OpenTerminal, Serve
from tests.trust.test_lifecycle import watched

pytestmark = pytest.mark.pty


def test_after_another_size_all_is_sent_again(serve: Serve, dashboard: OpenTerminal) -> None:
    with dashboard(serve(watched())) as terminal:
        terminal.wait_for(lambda text: "line 29" in text and "palette" in text)
        start = len(terminal.raw)
        terminal.resize(120, 34)
        words = [b"Runners", b"Database Backup", b"line 29", b"palette"]
        terminal.wait_for(lambda _: all(word in terminal.raw[start:] for word in words), 5)
