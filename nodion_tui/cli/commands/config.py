"""`config show`, `config schema`: the configuration, and the schema of its file."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import click
import msgspec

from nodion_tui.cli.commands.profiles import SettingRow, profile_rows
from nodion_tui.cli.completion.runner_cache import cached_runners
from nodion_tui.cli.json_option import JsonFields, json_option
from nodion_tui.cli.options import make_output, profile_option
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.session import load_settings
from nodion_tui.config import Settings, Source
from nodion_tui.config.paths import display_path
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.format import duration
from nodion_tui.ui.problems.find import find_problems

_NONE = {
    "pause_after": "never",
    "config_file": "none",
    "theme": "as last used",
    "tell": "toast, and what rules use",
    "desktop": "auto",
    "compact_output": "as TERM tells",
}
"""What no value means."""
_OWN_ROWS = frozenset(
    {"profile", "profile_source", "profiles", "sources", "keys", "rules", "patterns", "commands"}
    | {"problems"}
)
"""Settings that are not one value."""

_SHOW_EXAMPLES = """\b
Examples:
  nodion-tui config show
  nodion-tui --profile staging config show --json
"""
_SCHEMA_EXAMPLES = """\b
Examples:
  nodion-tui config schema > ~/.config/nodion-tui/config.schema.json
"""


@click.group()
def config() -> None:
    """Show the configuration, or the JSON schema of config.toml."""


@config.command(epilog=_SHOW_EXAMPLES)
@profile_option
@json_option
@click.pass_context
def show(ctx: click.Context, profile: str | None, as_json: JsonFields) -> int:
    """Show every setting in use: its value and where it comes from. Keys are never shown.

    What cannot work is a row named `problem`. In a pipe: setting, value and source, tab-separated.
    """
    settings = load_settings(ctx, profile)
    output = make_output(ctx, settings, as_json)
    rows = [
        *_setting_rows(settings),
        *profile_rows(settings.profile),
        *_problem_rows(settings),
    ]
    if output.json:
        output.json_lines(
            msgspec.json.encode(
                {"setting": row.setting, "value": row.value, "source": str(row.source)}
            )
            for row in rows
        )
    elif output.is_terminal:
        cells = [
            [TableCell(row.setting), TableCell(row.text), TableCell(str(row.source), "2")]
            for row in rows
        ]
        output.table(("SETTING", "VALUE", "SOURCE"), cells)
    else:
        output.tab_separated((row.setting, row.text, str(row.source)) for row in rows)
    return 0


@config.command(epilog=_SCHEMA_EXAMPLES)
def schema() -> int:
    """Print the JSON schema of config.toml, for completion and checks in editors."""
    from nodion_tui.config.schema import config_schema  # noqa: PLC0415  # on demand

    text = msgspec.json.format(msgspec.json.encode(config_schema()), indent=2)
    Output().write(text + b"\n")
    return 0


def _setting_rows(settings: Settings) -> Iterator[SettingRow]:
    yield SettingRow(
        "profile", settings.profile.name, settings.profile.name, settings.profile_source
    )
    for name in Settings.__struct_fields__:
        if name not in _OWN_ROWS:
            value = getattr(settings, name)
            text = _NONE[name] if value is None else _text(value)
            yield SettingRow(
                name, value if isinstance(value, int) else text, text, settings.source(name)
            )
    for command_id, keys in settings.keys.items():
        yield SettingRow(f"keys.{command_id}", keys, keys, settings.source("keys"))
    for index, rule in enumerate(settings.rules):
        name = rule.name or "unnamed"
        yield SettingRow(f"rules[{index}]", name, name, settings.source("rules"))
    for index, pattern in enumerate(settings.patterns):
        label = pattern.label
        yield SettingRow(f"patterns[{index}]", label, label, settings.source("patterns"))
    for command in settings.commands:
        row = f"commands.{command.id}"
        yield SettingRow(row, command.title, command.title, settings.source("commands"))


def _problem_rows(settings: Settings) -> Iterator[SettingRow]:
    """What cannot work; patterns are checked against the runners that are known without asking."""
    known = {ref.id: ref.name for ref in settings.profile.runners}
    known |= {runner.value: runner.label for runner in cached_runners(settings)}
    runners = [Runner(id=runner_id, name=name) for runner_id, name in known.items()]
    for problem in find_problems(settings, runners):
        name, _, line = problem.where.partition(":")
        source = Source("file", name, int(line) if line.isdecimal() else None)
        yield SettingRow("problem", problem.text, problem.text, source)


def _text(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case timedelta():
            return duration(value)
        case str():
            return str(value)
        case frozenset():
            return ", ".join(sorted(value)) or "nothing"
        case _:
            return display_path(value)
