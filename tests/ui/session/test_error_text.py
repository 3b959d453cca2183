"""What errors are called on the screen, without a screen."""

import pytest
from msgspec.structs import replace

from nodion_tui.config import Profile
from nodion_tui.model.errors import ScopeMissing
from nodion_tui.ui.session.error_text import full_text, session_read_only


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
    assert session_read_only(profile, named=False).startswith("This session is read-only: its key")
    configured = session_read_only(replace(profile, read_only=True), named=True)
    assert configured == "production is read-only: the configuration says so."
