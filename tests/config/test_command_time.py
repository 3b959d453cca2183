"""How long a key command may take, by the clock."""

import time
from collections.abc import Callable

import pytest

from nodion_tui.config import Settings, keys, with_key
from nodion_tui.model.errors import NoKey
from tests.config.test_keys import command

Load = Callable[..., Settings]


def test_a_command_that_hangs_is_ended_in_time(
    load_with: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keys.COMMAND_SECONDS == 10
    monkeypatch.setattr(keys, "COMMAND_SECONDS", 0.2)
    began = time.monotonic()
    with pytest.raises(NoKey, match=r"gave no key in 0\.2 s"):
        with_key(load_with(command("import time; time.sleep(60)")).profile)
    assert time.monotonic() - began < 3
