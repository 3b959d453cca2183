from operator import attrgetter

import msgspec
import pytest

from nodion_tui.api.client import RUN_DECODER
from nodion_tui.api.decode.listing_cache import ListingCache
from nodion_tui.api.decode.rows import InvalidResponseBody
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run, RunRecord
from tests.support.canned import Json, run

ROWS = [run(number, "succeeded", 60.0 * number, 30.0) for number in range(1, 6)]


class CacheRecorder:
    """A cache, and the items that it made of new rows."""

    def __init__(self) -> None:
        self.cache = ListingCache()
        self.new: list[Run] = []

    def __call__(self, *rows: Json) -> Listing[Run]:
        self.new = []
        body = msgspec.json.encode({"runs": rows})
        return self.cache.decode("/runs", body, RUN_DECODER, self._keep)

    def _keep(self, row: RunRecord, _sibling: Run | None) -> Run:
        self.new.append(row.run)
        return self.new[-1]


def test_a_resent_row_keeps_its_object_at_any_position() -> None:
    recorder = CacheRecorder()
    before = recorder(*ROWS)
    assert recorder.new == list(before.items)
    newer = run(0, "running", 0.0, None)
    changed = ROWS[1] | {"exit_code": 7}
    after = recorder(newer, ROWS[0], changed, *ROWS[3:])
    assert recorder.new == [after.items[0], after.items[2]]
    assert after.items[2].exit_code == 7
    for now, then in ((1, 0), (3, 3), (4, 4)):
        assert after.items[now] is before.items[then]


def test_the_cache_equals_decoding_everything() -> None:
    recorder = CacheRecorder()
    for rows in (ROWS, ROWS[2:], [], [*ROWS[::-1], ROWS[0], ROWS[0]], ROWS[1:3]):
        decoded = RUN_DECODER.decode_list(msgspec.json.encode({"runs": rows}))
        assert recorder(*rows).map(attrgetter("record")) == decoded


def test_a_bad_row_does_not_affect_others_before_and_after() -> None:
    recorder = CacheRecorder()
    recorder(*ROWS)
    for _ in range(2):
        broken = recorder(*ROWS[:2], {"status": "lost"}, *ROWS[2:])
        assert len(broken.items) == 5
        assert [bad.index for bad in broken.bad_rows] == [2]
        mended = recorder(*ROWS)
        assert len(mended.items) == 5
        assert mended.bad_rows == ()


def test_a_response_without_a_list_raises_and_keeps_the_cache() -> None:
    recorder = CacheRecorder()
    before = recorder(*ROWS)
    with pytest.raises(InvalidResponseBody):
        recorder.cache.decode("/runs", b"{}", RUN_DECODER, lambda row, _: row)
    assert recorder(*ROWS) is before
