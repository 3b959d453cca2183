"""Random sequences compared with a full redraw: the long form of `trust/test_cells.py`.

`pytest tests/bench/cells.py`
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.cells_machine import LOOKS, SIZES, machine_of

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

LONG = settings(
    max_examples=20,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_after_any_long_sequence_the_cells_are_those_of_a_full_redraw(
    size: tuple[int, int], look: str
) -> None:
    run_state_machine_as_test(machine_of(size, look), settings=LONG)
