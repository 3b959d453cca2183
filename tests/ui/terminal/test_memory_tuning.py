"""Memory use at start and after a week."""

import asyncio
import subprocess
import sys
import weakref

from nodion_tui.ui.terminal.memory_tuning import MemoryTrimmer
from tests.support.virtual_time import in_virtual_time, virtual_time_loop

_ASKS_TEXTUAL = """
from nodion_tui.ui.run import run

def make():
    import textual._cells
    raise SystemExit(f"at most {textual._cells.cell_len.cache_info().maxsize}")

run(make)
"""


class Knot:
    """Garbage that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


def test_textual_remembers_the_widths_of_few_texts_too() -> None:
    asked = subprocess.run([sys.executable, "-c", _ASKS_TEXTUAL], check=False, capture_output=True)
    assert asked.stderr.strip() == b"at most 512"


@in_virtual_time
async def test_garbage_is_given_back_now_and_then_but_not_while_somebody_types() -> None:
    answers = iter([False, True, True, False, False])
    asked_at: list[float] = []

    def is_busy() -> bool:
        asked_at.append(virtual_time_loop().time())
        return next(answers)

    MemoryTrimmer(is_busy)
    for knot in (weakref.ref(Knot()), weakref.ref(Knot())):
        await asyncio.sleep(45)
        assert knot() is None
    await asyncio.sleep(20)
    assert [round(at) for at in asked_at] == [30, 60, 61, 62, 92]
