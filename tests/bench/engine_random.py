"""Random sequences of engine operations: the long form.

`pytest tests/bench/engine_random.py`
"""

import pytest

from tests.support.engine_machine import engine_test_case

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

TestLong = engine_test_case(examples=60, steps=60)
