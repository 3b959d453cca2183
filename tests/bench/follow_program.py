"""`nodion-tui logs -f` against all 39 faults, with real randomness and time.

`pytest tests/bench/follow_program.py`
"""

import asyncio
from pathlib import Path

import pytest

from tests.api.follow.faults import FAULTS
from tests.support.forks import Forks
from tests.trust.test_following import followed, wrong

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]


async def test_the_program_loses_doubles_and_disorders_no_line(tmp_path: Path) -> None:
    with Forks() as forks:
        done = await asyncio.gather(*(followed(forks, fault, tmp_path) for fault in FAULTS))
    problems = [wrong(fault, each) for fault, each in zip(FAULTS, done, strict=True)]
    assert not [problem for problem in problems if problem]
