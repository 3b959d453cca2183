"""Random sequences of everything that can happen to an engine: the long form.

`pytest tests/bench/engine_random.py`
"""

import pytest

from tests.support.engine_machine import machine

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

TestLong = machine(examples=60, steps=60)
