"""Completers are named, so that no command imports them; each name must have its function."""

import re
from pathlib import Path

import nodion_tui.cli
from nodion_tui.cli.completion import values

_NAMED = re.compile(r'completer\("(\w+)"\)')


def test_every_named_completer_exists_and_every_completer_is_named() -> None:
    sources = Path(nodion_tui.cli.__file__).parent.rglob("*.py")
    named = {name for file in sources for name in _NAMED.findall(file.read_text(encoding="utf-8"))}
    assert named == {
        name.removeprefix("complete_") for name in vars(values) if name.startswith("complete_")
    }
