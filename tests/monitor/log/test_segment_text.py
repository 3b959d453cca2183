from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.line.reader import shown_text
from nodion_tui.monitor.log.segment import LogSegment, pack_segment
from nodion_tui.monitor.log.segment_text import searchable_lines
from tests.monitor.log.line.test_reader import BODIES


def packed(bodies: list[str]) -> LogSegment:
    return pack_segment(0, [LogLine(str(n), body) for n, body in enumerate(bodies)], [1], None)


@settings(max_examples=200)
@given(st.lists(BODIES, min_size=1, max_size=5))
def test_a_whole_segment_is_read_as_its_lines_one_by_one(bodies: list[str]) -> None:
    segment = packed(bodies)
    texts = list(map(shown_text, bodies))
    texts.insert(1, "")
    for _ in range(2):  # the second time from what the first has cached
        assert searchable_lines(segment).text.decode() == "\n".join([*texts, ""])


def test_ordinary_lines_are_searched_in_place() -> None:
    segment = packed(["one\ttwo", "✓ über 日本", "three"])
    assert searchable_lines(segment).text is segment.data
    assert not segment.special
    assert segment.plain
    coloured = packed(["\x1b[31mred\x1b[0m\r", "line\x1b[K\r"])
    assert searchable_lines(coloured).text == b"red\n\nline\n"
    assert not coloured.special
    assert not coloured.plain
