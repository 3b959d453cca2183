"""Hidden, bidirectional and control characters are shown as visible marks, not dropped."""

import pytest

from nodion_tui.model.text.sanitize import sanitize
from tests.trust.conftest import OpenTerminal, Serve
from tests.trust.test_server_text import hostile

pytestmark = pytest.mark.pty

HIDDEN = ("\u202e", "\u2066", "\u200b", "\u2028", "\x9b", "\x07", "\x1b", "\x7f")


def test_hidden_characters_are_visible_on_every_screen(
    serve: Serve, dashboard: OpenTerminal
) -> None:
    with dashboard(serve(hostile(HIDDEN)), columns=200, rows=60) as terminal:
        screen = terminal.wait_for(
            lambda text: all(m in text for m in ("R07:", "C7:", "L7:", "A7:"))
        )
        terminal.press("]")
        runner_screen = terminal.wait_for("Runs · R00:")
    for index, probe in enumerate(HIDDEN):
        mark = sanitize(probe)
        for label in ("R0", "A", "L"):
            assert f"{label}{index}:{mark}:" in screen, (label, mark)
        assert not index or f"C{index}:{mark}" in screen, mark
        assert not index or f"S{index}:{mark[:1]}" in screen, mark
    assert f"Runs · R00:{sanitize(HIDDEN[0])}:" in runner_screen
