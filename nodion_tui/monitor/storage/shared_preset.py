"""A preset as a file of its own, to hand on: without secret values. Blocks: call it in a thread."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.config.paths import display_path
from nodion_tui.config.private_files import write_new_private_file
from nodion_tui.config.table_checker import TableChecker, field_types
from nodion_tui.config.toml import TomlDocument, key_lines
from nodion_tui.model.trigger_draft import CommandMode
from nodion_tui.monitor.storage.env_rows import StoredEnvRow
from nodion_tui.monitor.storage.presets import Preset, decode_preset, encode_preset

SUFFIX = ".toml"
"""What tells a file from the id of a run on the command line."""
MAX_BYTES = 1_000_000
"""A larger file is no preset."""
_HEADER = b"# Preset of nodion-tui: nodion-tui trigger RUNNER --from THIS_FILE\n"


class SharedPreset(msgspec.Struct):
    """The keys of the file."""

    name: str
    mode: CommandMode
    argv: tuple[str, ...]
    by_line: bool
    command: str
    entrypoint: str
    env: tuple[StoredEnvRow, ...]


def write_shared_preset(path: Path, preset: Preset) -> Path:
    """Write a preset to a new 0600 file; a name that is taken gets a number.

    Returns:
        The path of the file.

    Raises:
        ValueError: its argv cannot be parsed.
        OSError: the file cannot be written.
    """
    import tomli_w  # noqa: PLC0415 - seldom

    entry = encode_preset("", preset, secrets=False)
    entry.pop("runner", None)
    path = path if path.suffix == SUFFIX else path.with_name(f"{path.name}{SUFFIX}")
    path.parent.mkdir(parents=True, exist_ok=True)
    content = tomli_w.dumps(entry).encode("utf-8", "replace")
    return write_new_private_file(path, (_HEADER, content))


def read_shared_preset(path: Path) -> Preset:
    """Read a preset from a file.

    Raises:
        ValueError: it is no preset; one line for each mistake, with file, line and key.
        OSError: it cannot be read.
    """
    shown = display_path(path)
    if path.exists() and not path.is_file():
        # A pipe would be waited for.
        raise ValueError(f"{shown}: no regular file, so no preset")
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"{shown}: larger than {MAX_BYTES:,} bytes, so no preset")
    try:
        text = content.decode("utf-8")
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise ValueError(f"{shown}: {reason}") from None
    checker = TableChecker(TomlDocument(path, data, key_lines(text)))
    checked = checker.check_table((), data, field_types(SharedPreset))
    if not checker.problems and (problem := _mode_problem(checked)):
        checker.add_problem(("mode",), problem)
    if checker.problems:
        raise ValueError(checker.report)
    return decode_preset({"runner": "", "name": path.stem, **checked})


def _mode_problem(checked: Mapping[str, Any]) -> str:
    """Why the mode does not fit to what is to be run; empty if it does."""
    mode = checked.get("mode", CommandMode.DEFAULT)
    if "argv" in checked and "command" in checked:
        return "argv and command cannot be given together"
    for name in (CommandMode.ARGV, CommandMode.COMMAND):
        if (name in checked) is not (mode is name):
            return f'mode = "{name}" and {name} belong together'
    return ""
