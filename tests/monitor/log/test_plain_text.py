from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.plain_text import TextForm, iso, log_text, safe

AT = datetime(2026, 1, 15, 10, 1, 0, 123000, tzinfo=timezone(timedelta(hours=1)))


def sample() -> LogBuffer:
    buffer = LogBuffer()
    buffer.extend([LogLine("a", "\x1b[31mred\x1b[0m\tend", created_at=AT)])
    buffer.note(EntryKind.LOST, "reconnecting in 4 s")
    buffer.extend([LogLine("b", "bell \x07 and \u202e"), LogLine("c", "")])
    return buffer


def written(form: TextForm) -> str:
    return b"".join(log_text(sample().snapshot(), form)).decode()


def test_plain_text_is_safe_to_look_at() -> None:
    assert written(TextForm.PLAIN) == "red\tend\nbell ␇ and <U+202E>\n\n"


def test_times_stand_in_front_in_utc() -> None:
    assert written(TextForm.TIMED).splitlines() == [
        "2026-01-15T09:01:00.123Z red\tend",
        f"{'':24} bell ␇ and <U+202E>",
        f"{'':24} ",
    ]


def test_raw_is_what_was_sent() -> None:
    assert written(TextForm.RAW) == "\x1b[31mred\x1b[0m\tend\nbell \x07 and \u202e\n\n"


def test_a_time_without_milliseconds_is_as_wide_as_the_others() -> None:
    assert len(iso(datetime(2026, 1, 1, tzinfo=UTC))) == len(iso(None)) == len(iso(AT))


@given(st.text(st.characters(exclude_categories=())))
def test_safe_text_holds_no_control_but_the_tab(text: str) -> None:
    cleaned = safe(text)
    assert all(character == "\t" or character >= " " for character in cleaned)
    assert not set(cleaned) & set("\x7f\x85\x9b\u202e\u2066\u200b\ufeff\ud800")
    cleaned.encode()
