"""Presets: named overrides of a runner, in a file that the program owns.

A preset contains mode, argv or command, entrypoint and environment. Secret-looking values must be
entered when it is used, unless they were stored on request.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.model.trigger import format_argv
from nodion_tui.model.trigger_draft import ArgvStyle, CommandMode, TriggerDraft, format_argv_text
from nodion_tui.monitor.storage.env_rows import StoredEnvRow, decode_env_rows, encode_env_rows
from nodion_tui.monitor.storage.locked_file import LockedFile

FILE_NAME = "presets.toml"
MAX_NAME_LENGTH = 60
"""Maximum characters of a name."""


class Preset(msgspec.Struct, frozen=True):
    """Named overrides of a runner."""

    name: str
    draft: TriggerDraft
    is_recent: bool = False
    """Whether it is what was triggered lately, and no preset that was saved."""


class RunnerPresets(msgspec.Struct, frozen=True):
    """The presets of one runner, by name."""

    presets: tuple[Preset, ...] = ()
    notice: str = ""
    """What is wrong with the file, and what was done about it."""


class _Entry(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A preset in the file."""

    runner: str
    name: str
    mode: CommandMode = CommandMode.DEFAULT
    argv: tuple[str, ...] | None = None
    by_line: bool = False
    command: str | None = None
    entrypoint: str | None = None
    env: tuple[StoredEnvRow, ...] = ()


class PresetFile:
    """The presets of all runners, in the data folder. Every method blocks: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._file = LockedFile(folder / FILE_NAME, "presets", rewrite=_rewritten)

    def for_runner(self, runner_id: str) -> RunnerPresets:
        """The presets of a runner, by name; never raises."""
        contents = self._file.read(_Entry)
        presets = [
            Preset(preset.name, _decode(preset))
            for preset in contents.entries
            if preset.runner == runner_id
        ]
        return RunnerPresets(_by_name(presets), contents.notice)

    def by_runner(self) -> dict[str, tuple[Preset, ...]]:
        """The presets of every runner id, by name; never raises."""
        presets: dict[str, list[Preset]] = {}
        for entry in self._file.read(_Entry).entries:
            presets.setdefault(entry.runner, []).append(Preset(entry.name, _decode(entry)))
        return {runner_id: _by_name(each) for runner_id, each in presets.items()}

    def save(self, runner_id: str, preset: Preset, *, include_secrets: bool = False) -> str:
        """Store a preset; replaces the runner's preset of the same name.

        Secret-looking values are stored only if asked for.

        Returns:
            What was wrong with the previous file; empty if nothing was.

        Raises:
            ValueError: its argv cannot be parsed.
            OSError: the file cannot be written.
        """
        entry = encode_preset(runner_id, preset, secrets=include_secrets)
        return self._file.update(
            lambda rows: (
                [row for row in rows if not _is_preset(row, runner_id, preset.name)] + [entry]
            )
        )

    def delete(self, runner_id: str, name: str) -> str:
        """Delete a preset; a missing one is no error.

        Returns:
            As for `save`.

        Raises:
            OSError: the file cannot be written.
        """
        return self._file.update(
            lambda rows: [row for row in rows if not _is_preset(row, runner_id, name)]
        )


def _by_name(presets: Iterable[Preset]) -> tuple[Preset, ...]:
    return tuple(sorted(presets, key=lambda preset: preset.name.casefold()))


def _is_preset(row: Any, runner_id: str, name: str) -> bool:
    return isinstance(row, dict) and (row.get("runner"), row.get("name")) == (runner_id, name)


def encode_preset(runner_id: str, preset: Preset, *, secrets: bool) -> dict[str, Any]:
    """The row of a preset, as TOML takes it.

    Raises:
        ValueError: its argv cannot be parsed.
    """
    draft = preset.draft
    entry = _Entry(
        runner=runner_id,
        name=preset.name,
        mode=draft.mode,
        argv=draft.argv() if draft.mode is CommandMode.ARGV else None,
        by_line=draft.mode is CommandMode.ARGV and draft.argv_style is ArgvStyle.LINES,
        command=draft.command if draft.mode is CommandMode.COMMAND else None,
        entrypoint=draft.sent_entrypoint,
    )
    encoded: dict[str, Any] = msgspec.to_builtins(entry)
    return encoded | {"env": encode_env_rows(draft.env, include_secrets=secrets)}


def _rewritten(rows: list[Any]) -> list[dict[str, Any]]:
    """The rows as `save` writes them."""
    entries = msgspec.convert(rows, list[_Entry])
    return [
        msgspec.to_builtins(entry) | {"env": msgspec.to_builtins(entry.env)} for entry in entries
    ]


def decode_preset(row: dict[str, Any]) -> Preset:
    """The preset of a row whose values have the right types."""
    entry = _Entry(**row)
    return Preset(entry.name, _decode(entry))


def _decode(entry: _Entry) -> TriggerDraft:
    style = ArgvStyle.LINES if entry.by_line else ArgvStyle.QUOTED
    try:
        text = format_argv_text(entry.argv or (), style)
    except ValueError:
        style, text = ArgvStyle.QUOTED, format_argv(entry.argv or ())
    return TriggerDraft(
        mode=entry.mode,
        argv_text=text,
        argv_style=style,
        command=entry.command or "",
        entrypoint=entry.entrypoint or "",
        empty_entrypoint=entry.entrypoint == "",
        env=decode_env_rows(entry.env),
    )
