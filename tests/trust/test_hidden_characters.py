"""What hides, turns or is obeyed is seen as a mark where a service says it, not merely left out."""

import pytest

from nodion_tui.model.sanitize import sanitize
from tests.trust.conftest import OpenTerminal, Serve
from tests.trust.test_server_text import hostile

pytestmark = pytest.mark.pty

HIDDEN = ("\u202e", "\u2066", "\u200b", "\u2028", "\x9b", "\x07", "\x1b", "\x7f")


def test_what_hides_is_seen_on_each_surface(serve: Serve, dashboard: OpenTerminal) -> None:
    with dashboard(serve(hostile(HIDDEN)), columns=200, rows=60) as terminal:
        seen = terminal.wait_for(lambda text: all(m in text for m in ("R07:", "C7:", "L7:", "A7:")))
        terminal.press("]")
        one = terminal.wait_for("Runs · R00:")
    for index, probe in enumerate(HIDDEN):
        mark = sanitize(probe)
        for place in ("R0", "A", "L"):
            assert f"{place}{index}:{mark}:" in seen, (place, mark)
        assert not index or f"C{index}:{mark}" in seen, mark
        assert not index or f"S{index}:{mark[:1]}" in seen, mark
    assert f"Runs · R00:{sanitize(HIDDEN[0])}:" in one
