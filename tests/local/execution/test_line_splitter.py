"""LineSplitter: any bytes, in any chunks, become the same valid lines."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.local.execution.line_splitter import BLOCK_LINES, CUT_MARK, LineSplitter


def _split(chunks: list[bytes], limit: int = 65_536) -> list[str]:
    splitter = LineSplitter(limit)
    texts = [text for chunk in chunks for text in splitter.feed(chunk)]
    texts += splitter.flush(final=True)
    lines = []
    for text in texts:
        bodies = text.bodies.decode().split("\n")
        assert len(bodies) == text.line_count <= BLOCK_LINES
        lines += bodies
    return lines


def _chunked(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(
    lines=st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]))),
    cuts=st.lists(st.integers(0, 10_000)),
)
def test_lines_come_back_however_they_are_cut(lines: list[str], cuts: list[int]) -> None:
    data = "".join(f"{line}\n" for line in lines).encode()
    assert _split(_chunked(data, cuts)) == lines


@given(data=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300)), limit=st.integers(8, 40))
def test_any_bytes_become_valid_bounded_text(data: bytes, cuts: list[int], limit: int) -> None:
    lines = _split(_chunked(data, cuts), limit)
    mark = len(CUT_MARK.encode())
    assert all(len(line.encode()) <= 3 * limit + mark for line in lines)
    if data.isascii():
        joined = "\n".join(lines).replace(f"{CUT_MARK}\n", "")
        assert joined == data.decode().removesuffix("\n")


def test_a_line_of_ten_megabytes_is_cut_with_a_mark() -> None:
    pieces = _split(_chunked(b"x" * 10_000_000 + b"\nnext\n", list(range(0, 10_000_000, 262_144))))
    assert pieces[-1] == "next"
    assert all(piece.endswith(CUT_MARK) for piece in pieces[:-2])
    assert not pieces[-2].endswith(CUT_MARK)
    assert "".join(piece.removesuffix(CUT_MARK) for piece in pieces[:-1]) == "x" * 10_000_000


def test_a_cut_never_splits_a_character() -> None:
    for limit in range(8, 20):
        pieces = _split(["zwölf 二 🎉 ".encode() * 20], limit)
        assert "".join(piece.removesuffix(CUT_MARK) for piece in pieces) == "zwölf 二 🎉 " * 20


def test_flush_keeps_half_a_character_back() -> None:
    splitter = LineSplitter()
    assert splitter.feed("a🎉".encode()[:-1]) == []
    assert [text.bodies for text in splitter.flush()] == [b"a"]
    assert [text.bodies for text in splitter.feed("🎉\n".encode()[3:])] == ["🎉".encode()]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xff\xfe\n", ["\ufffd\ufffd"]),
        (b"a\0b\n", ["a\0b"]),
        (b"10%\r20%\r\n", ["10%\r20%\r"]),
        ("a\u2028b\x85c\x0bd\n".encode(), ["a\u2028b\x85c\x0bd"]),
        (b"\n\n", ["", ""]),
        (b"end", ["end"]),
        ("\u20ac".encode()[:2], ["\ufffd"]),
    ],
)
def test_what_is_a_line(data: bytes, expected: list[str]) -> None:
    assert _split([data]) == expected
