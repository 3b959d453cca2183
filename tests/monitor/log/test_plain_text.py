from datetime import UTC, datetime, timedelta, timezone

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.plain_text import TextFormat, format_iso, format_log

AT = datetime(2026, 1, 15, 10, 1, 0, 123000, tzinfo=timezone(timedelta(hours=1)))


def sample() -> LogBuffer:
    buffer = LogBuffer()
    buffer.extend([LogLine("a", "\x1b[31mred\x1b[0m\tend", created_at=AT)])
    buffer.append_marker(EntryKind.LOST, "reconnecting in 4 s")
    buffer.extend([LogLine("b", "bell \x07 and \u202e"), LogLine("c", "")])
    return buffer


def written(form: TextFormat) -> str:
    return b"".join(format_log(sample().snapshot(), form)).decode()


def test_plain_text_is_safe_to_print() -> None:
    assert written(TextFormat.PLAIN) == "red\tend\nbell ␇ and <U+202E>\n\n"


def test_times_are_in_front_in_utc() -> None:
    assert written(TextFormat.TIMED).splitlines() == [
        "2026-01-15T09:01:00.123Z red\tend",
        f"{'':24} bell ␇ and <U+202E>",
        f"{'':24} ",
    ]


def test_raw_is_unchanged() -> None:
    assert written(TextFormat.RAW) == "\x1b[31mred\x1b[0m\tend\nbell \x07 and \u202e\n\n"


def test_a_time_without_milliseconds_is_as_wide_as_the_others() -> None:
    assert (
        len(format_iso(datetime(2026, 1, 1, tzinfo=UTC)))
        == len(format_iso(None))
        == len(format_iso(AT))
    )
