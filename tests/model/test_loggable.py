"""Only well-formed ids are written to the event log."""

import pytest

from nodion_tui.model.loggable import UNKNOWN_ID, loggable_id


def test_a_uuid_is_written_as_it_is() -> None:
    identifier = "a1b2c3d4-e5f6-7890-ABCD-ef1234567890"
    assert loggable_id(identifier) == identifier


@pytest.mark.parametrize("typed", ["", "hunter2", "a1b2c3d4-e5f6-7890-abcd-ef1234567890\n", "é"])
def test_anything_else_could_have_been_typed_and_is_not_written(typed: str) -> None:
    assert loggable_id(typed) == UNKNOWN_ID
