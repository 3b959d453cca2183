"""What the border says of how a log is read."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.ui.log.render.line_styles import LOG_STYLES
from nodion_tui.ui.log.status_text import position, run_facts
from nodion_tui.ui.log.viewport.selection import Selection, TextPosition
from tests.support.log_desk import RUN, LogDesk


async def test_a_log_that_is_read_after_the_end_of_its_run_does_not_claim_to_be_followed() -> None:
    desk = LogDesk("one", "two")
    desk.session.state = replace(desk.session.state, phase=LogPhase.LIVE)
    assert position(desk.log)[0].text == "▼ following"
    desk.log.run = replace(RUN, status="canceled")
    assert position(desk.log)[0].text == "▼ canceled, reading the rest"
    desk.log.viewport.follow = False
    assert position(desk.log)[0].text.startswith("line ")
    desk.log.viewport.follow = True
    desk.session.state = replace(desk.session.state, phase=LogPhase.ENDED)
    assert position(desk.log)[0].text == "▼ end"


async def test_the_number_of_selected_lines_is_told() -> None:
    desk = LogDesk("one", "two", "three")
    desk.log.annotations.selection = Selection(TextPosition(2), TextPosition(1), whole_lines=True)
    assert position(desk.log)[1].text == " · 2 lines selected"
    desk.log.annotations.selection = None
    assert len(position(desk.log)) == 1


@pytest.mark.parametrize(
    ("status", "colour"),
    [("running", "text-primary"), ("succeeded", "text-success"), ("failed", "text-error")],
)
def test_the_status_of_a_run_has_its_colour(status: str, colour: str) -> None:
    fact = run_facts(replace(RUN, status=status), None, datetime.now(UTC))[0]
    assert status in fact.text
    assert LOG_STYLES[fact.tone].color == colour
