"""The first line of a log from a time on."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.moments.line_times import first_line_from
from nodion_tui.monitor.log.timestamps import NO_TIME, PackedTimes
from tests.support.loglines import START

MICROS = st.one_of(
    st.just(NO_TIME),
    st.integers(0, 100).map(lambda milliseconds: 10**15 + milliseconds * 1000),
    st.integers(0, 10**6).map(lambda micros: 10**15 + micros),
)


@given(st.lists(MICROS, max_size=20), st.integers(-5, 10**5 + 5))
def test_packed_times_are_searched_as_they_are(micros: list[int], offset: int) -> None:
    packed, target = PackedTimes(micros), 10**15 + offset
    assert packed.micros() == micros
    late = (position for position, micro in enumerate(micros) if micro >= target)
    assert packed.first_from(target) == next(late, None)


async def test_the_first_line_of_a_time_or_later() -> None:
    buffer = LogBuffer(2**20)
    buffer.extend(
        [
            LogLine(str(n), "x" * 60, created_at=START + timedelta(seconds=2 * n))
            for n in range(1500)
        ]
    )
    assert not buffer.dropped
    assert buffer.sealed_end
    seconds = (-1, 0, 1, 2, 1999, 2998, 2999)
    found = [await first_line_from(buffer, START + timedelta(seconds=at)) for at in seconds]
    assert found == [0, 0, 1, 1, 1000, 1499, None]
