"""A key that cannot be written completely leaves the previous one."""

import os
from pathlib import Path

import pytest

from nodion_tui.config import Secret
from nodion_tui.config.api_key import save_key


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save_key(folder, "default", Secret("before"))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_key(folder, "default", Secret("after"))
    assert path.read_text() == "before\n"
    assert list(folder.iterdir()) == [path]
