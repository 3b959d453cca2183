import msgspec
import pytest

from nodion_tui.api.client import RUN_DECODER
from nodion_tui.api.decode.listing_cache import ListingCache
from nodion_tui.api.decode.rows import InvalidResponseBody
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run
from tests.support.canned import Json, run

ROWS = [run(number, "succeeded", 60.0 * number, 30.0) for number in range(1, 6)]


class Asked:
    """A cache, and which items it called new."""

    def __init__(self) -> None:
        self.cache = ListingCache()
        self.new: list[Run] = []

    def __call__(self, *rows: Json) -> Listing[Run]:
        self.new = []
        body = msgspec.json.encode({"runs": rows})
        return self.cache.decode("/runs", body, RUN_DECODER, lambda item, _: self.new.append(item))


def test_a_row_that_is_sent_again_stays_the_same_object_wherever_it_stands() -> None:
    asked = Asked()
    before = asked(*ROWS)
    assert asked.new == list(before.items)
    newer = run(0, "running", 0.0, None)
    changed = ROWS[1] | {"exit_code": 7}
    after = asked(newer, ROWS[0], changed, *ROWS[3:])
    assert asked.new == [after.items[0], after.items[2]]
    assert after.items[2].exit_code == 7
    for now, then in ((1, 0), (3, 3), (4, 4)):
        assert after.items[now] is before.items[then]


def test_what_it_gives_is_what_decoding_all_of_it_gives() -> None:
    asked = Asked()
    for rows in (ROWS, ROWS[2:], [], [*ROWS[::-1], ROWS[0], ROWS[0]], ROWS[1:3]):
        assert asked(*rows) == RUN_DECODER.decode_list(msgspec.json.encode({"runs": rows}))


def test_a_bad_row_costs_itself_alone_before_and_after() -> None:
    asked = Asked()
    asked(*ROWS)
    for _ in range(2):
        broken = asked(*ROWS[:2], {"status": "lost"}, *ROWS[2:])
        assert len(broken.items) == 5
        assert [bad.index for bad in broken.bad_rows] == [2]
        mended = asked(*ROWS)
        assert len(mended.items) == 5
        assert mended.bad_rows == ()


def test_an_answer_without_a_list_raises_and_spoils_nothing() -> None:
    asked = Asked()
    before = asked(*ROWS)
    with pytest.raises(InvalidResponseBody):
        asked.cache.decode("/runs", b"{}", RUN_DECODER, lambda _, __: None)
    assert asked(*ROWS) is before
