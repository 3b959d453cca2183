"""What an error response says about the next attempt."""

import pytest

from nodion_tui.api.http.error_responses import parse_retry_after


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0), ("7", 7.0), (" 7 ", 7.0), ("1.5", 1.5), ("301", 300.0), ("9" * 400, 300.0),
        ("Thu, 15 Jan 2026 10:00:30 GMT", 30.0), ("Thu, 15 Jan 2026 09:00:00 GMT", 0.0),
        ("Thu, 15 Jan 2026 12:00:00 GMT", 300.0), ("-7", None), ("soon", None), ("", None),
        ("٣", None), ("1e3", None), (None, None),
    ],
)  # fmt: skip
def test_retry_after_in_both_forms(text: str | None, seconds: float | None) -> None:
    ten_o_clock = 1_768_471_200.0
    assert parse_retry_after(text, ten_o_clock) == seconds
