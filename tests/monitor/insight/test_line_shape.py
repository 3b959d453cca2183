import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.insight.line_shape import line_shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-01-15T10:01:00.123+01:00 ERROR boom", "2025-12-31 23:59:59Z ERROR boom"),
        ("Jan 15 10:01:02 app[1234]: boom", "Feb  1 09:00:00 app[7]: boom"),
        ("[14:05:31] took 3.2 s", "[09:00:00] took 450ms"),
        ("took 2m 30s", "took 12 s"),
        ("read 1,204 of 10 MB", "read 7 of 3.5 GiB"),
        ("run e5f6a7b8-c9d0-1234-efab-345678901234", "run 00000000-0000-0000-0000-000000000000"),
        ("commit deadbee1", "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"),
        ("at 0x7ffde4", "at 0x10"),
        ("key ghp_16C7e42F292c6912E7710c83", "key xoxb-1234-abcd-5678-efgh-9"),
        ("connect 10.0.0.12:5432", "connect 192.168.1.1"),
        ("cannot open '/tmp/x1/data.csv'", "cannot open '/var/lib/other.csv'"),
        ("C:\\tmp\\one missing", "D:\\two missing"),
        ("worker-7 step3", "worker-12 step44"),
        ("\x1b[31mfailed\x1b[0m", "failed"),
        ("\x1b[2K\x1b[1G\x1b[?25lfailed\x1b[K", "waiting\rfailed\r"),
        ("GET https://api-1.example.com/v1/x?y=2", "GET https://api-2.example.com:8080/z"),
        ("GET https://user:secret@example.com/x", "GET https://example.com/x"),
        ("a   b\tc ", "a b c"),
    ],
)
def test_lines_of_equal_shape(one: str, other: str) -> None:
    assert line_shape(one) == line_shape(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP 503", "HTTP 404"),
        ("HTTP/1.1 500", "HTTP/1.1 404"),
        ("exit status 2", "exit status 1"),
        ("[Errno 13] denied", "[Errno 2] denied"),
        ("KeyError: 'a'", "KeyError: 'b'"),
        ("GET https://one.example.com/x", "GET https://other.example.com/x"),
        ("", "x"),
    ],
)
def test_lines_of_different_shape(one: str, other: str) -> None:
    assert line_shape(one) != line_shape(other)


def test_shapes_of_lines() -> None:
    line = "2026-01-15T10:01:00Z ERROR [3] connect 10.0.0.1:5432: /run/db.sock after 3.2 s"
    assert line_shape(line) == "<time> ERROR [<n>] connect <ip>: <path> after <n>"


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_are_ignored(one: int, other: int) -> None:
    assert line_shape(f"read {one} rows") == line_shape(f"read {other} rows")


@given(st.uuids(), st.datetimes())
def test_ids_and_times_are_ignored(identifier: object, moment: object) -> None:
    assert line_shape(f"{moment} job {identifier} died") == "<time> job <id> died"


@given(st.text())
def test_any_text_has_a_shape_on_one_line(text: str) -> None:
    shape = line_shape(text)
    assert shape == " ".join(shape.split())
    assert "\x1b" not in shape


@pytest.mark.parametrize("part", ["a", "1", "/a", "1.", "a-1_", "error ", "\x1b[", "\x1b]", "a1"])
def test_a_very_long_line_costs_no_more_than_a_long_one(part: str) -> None:
    started = time.process_time()
    line_shape(part * 1_000_000)
    assert time.process_time() - started < 0.5
