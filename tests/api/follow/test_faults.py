"""With every fault: no line lost, duplicated or out of order, and the end reported."""

import pytest

from tests.api.conftest import Follow
from tests.api.follow.faults import FAULTS, Fault


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_every_line_once_and_in_order(fault: Fault, follow: Follow) -> None:
    async with fault.server() as server:
        followed = await follow(server)
        expected = server.total if fault.expected is None else fault.expected

    assert server.unmet == 0
    assert followed.indexes == list(range(expected))
    if fault.refused:
        assert type(followed.error) is fault.refused
    else:
        assert followed.error is None
        assert followed.ended.complete
        assert followed.ended.state.exit_code == 3
    if fault.bodies:
        assert followed.bodies == list(fault.bodies)


def test_there_are_39() -> None:
    assert len({fault.name for fault in FAULTS}) == 39
