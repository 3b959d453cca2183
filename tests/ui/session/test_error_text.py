"""What errors are called on the screen, without a screen."""

import pytest
from msgspec.structs import replace

from nodion_tui.config import Profile
from nodion_tui.model.errors import ScopeMissing
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.session.error_text import disabled_reason, full_text


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("the key lacks the scope", "Permission denied · The key lacks the scope"),
        ("Permission denied.", "Permission denied · The key lacks the scope"),
        ("blocked", "Permission denied · blocked · The key lacks the scope"),
    ],
)
def test_what_title_or_hint_say_is_not_said_twice(detail: str, said: str) -> None:
    error = ScopeMissing(detail, status=403, endpoint="POST /runs")
    assert full_text(error) == f"{said}: trigger and stop need more than `read`"


def test_a_read_only_session_tells_which_of_the_two_reasons_it_has() -> None:
    profile = Profile(name="production")
    alone = Monitor(profile).accounts.first
    assert not disabled_reason(alone)
    alone.run_control.read_only = True
    assert disabled_reason(alone).startswith("This session is read-only: its key")
    configured = Monitor(replace(profile, read_only=True), Profile(name="staging")).accounts.first
    said = "production is read-only: the configuration says so."
    assert disabled_reason(configured) == said
