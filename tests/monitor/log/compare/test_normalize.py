import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.compare.normalize import normalize, normalized_lines
from nodion_tui.monitor.log.segment import pack_segment
from nodion_tui.monitor.log.segment_text import body_text

BODIES = st.lists(
    st.lists(
        st.sampled_from(["a", "7", " ", "\n", "\x1b[3m", "é", "2026-01-15T10:01:00Z", "status 5"])
    ).map("".join),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("2026-01-15T10:01:05.456+01:00 INFO started", "# INFO started"),
        ("id c3f85434-5470-46de-bbeb-ce668ca2c351 done", "id # done"),
        ("commit 3f2a9bc1 on main", "commit # on main"),
        ("worker-7 took 12.5 ms (3 of 40)", "worker-# took # ms (# of #)"),
        ("10.0.0.17:8080 GET /a/17/b", "# GET /a/#/b"),
        ("status 500, exit 3, code=7", "status 500, exit 3, code=7"),
        ("a facade of words", "a facade of words"),
        ("", ""),
    ],
)
def test_varying_text_is_normalized(line: str, masked: str) -> None:
    assert normalize(line) == masked


@given(BODIES)
def test_a_segment_is_normalized_line_by_line(bodies: list[str]) -> None:
    segment = pack_segment(0, [LogLine(str(n), body) for n, body in enumerate(bodies)], (), None)
    assert normalized_lines(segment) == [normalize(body_text(body.encode())) for body in bodies]
