import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from nodion_tui.config.file_lock import lock, unlock


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """The same folder, opened twice, as two programs have it."""
    with ExitStack() as stack:
        descriptors = [os.open(tmp_path, os.O_RDONLY) for _ in range(2)]
        for descriptor in descriptors:
            stack.callback(os.close, descriptor)
        yield descriptors[0], descriptors[1]


def test_a_lock_excludes_others_until_it_is_unlocked(opened: tuple[int, int]) -> None:
    mine, other = opened
    lock(mine)
    with pytest.raises(BlockingIOError):
        lock(other)
    unlock(mine)
    lock(other)


def test_a_duplicate_keeps_the_lock(opened: tuple[int, int]) -> None:
    mine, other = opened
    short_lived = os.dup(mine)
    lock(short_lived)
    os.close(short_lived)
    with pytest.raises(BlockingIOError):
        lock(other, 0.03)


def test_a_lock_is_taken_as_soon_as_it_is_free(opened: tuple[int, int]) -> None:
    mine, other = opened
    lock(mine)
    threading.Timer(0.05, unlock, (mine,)).start()
    lock(other, 10)
