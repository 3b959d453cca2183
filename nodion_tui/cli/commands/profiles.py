"""`profiles`: shows the configuration and the source of each value."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
import msgspec

from nodion_tui.cli.json_option import JsonFields, json_option
from nodion_tui.cli.options import make_output, profile_option
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.session import load_settings
from nodion_tui.config import Profile, Settings, Source
from nodion_tui.config.paths import display_path

_EXAMPLES = """\b
Examples:
  nodion-tui profiles
  nodion-tui profiles --json name,api_url
"""


class SettingRow(NamedTuple):
    """Setting of a profile: its value and source."""

    setting: str
    value: Any
    """Value for JSON."""
    text: str
    source: Source


@click.command(epilog=_EXAMPLES)
@profile_option
@json_option
@click.pass_context
def profiles(ctx: click.Context, profile: str | None, as_json: JsonFields) -> int:
    """Show the settings of each profile and their sources. Keys are never shown.

    In a pipe: profile, setting, value and source, tab-separated. The profile in use comes first.
    """
    settings = load_settings(ctx, profile)
    output = make_output(ctx, settings, as_json)
    ordered = _ordered_profiles(settings)
    if output.json:
        output.json_lines(
            msgspec.json.encode(_json_object(settings, profile)) for profile in ordered
        )
    elif output.is_terminal:
        _print_tables(output, settings, ordered)
    else:
        output.tab_separated(
            (profile.name, row.setting, row.text, str(row.source))
            for profile in ordered
            for row in profile_rows(profile)
        )
    return 0


def _ordered_profiles(settings: Settings) -> Sequence[Profile]:
    """Profile in use, then the others of the file."""
    others = [profile for profile in settings.profiles if profile.name != settings.profile.name]
    return [settings.profile, *others]


def profile_rows(profile: Profile) -> Iterator[SettingRow]:
    """Address and key, and the other settings that have a value."""
    key = None if profile.key_source is None else str(profile.key_source)
    if profile.group:
        names = ", ".join(profile.group)
        yield SettingRow("group", list(profile.group), names, profile.source("group"))
        return
    yield SettingRow("api_url", profile.api_url, profile.api_url, profile.source("api_url"))
    yield SettingRow("key", key, key or "none", profile.source("key_source"))
    runner_labels = ", ".join(ref.name or ref.id for ref in profile.runners)
    for name, value, text in (
        ("project", profile.project, profile.project),
        ("runners", [ref.id for ref in profile.runners], runner_labels),
        ("ca_file", profile.ca_file, display_path(Path(profile.ca_file or ""))),
        ("color", profile.color, profile.color),
        ("read_only", profile.read_only, "true"),
        ("confirm_name", profile.confirm_name, "true"),
        ("allow_http", profile.allow_http, "true"),
        ("archive", profile.archive and str(profile.archive), str(profile.archive)),
    ):
        if value:
            yield SettingRow(name, value, text or "", profile.source(name))
    if not profile.commands:
        yield SettingRow("commands", profile.commands, "false", profile.source("commands"))


def _json_object(settings: Settings, profile: Profile) -> dict[str, Any]:
    rows = {
        row.setting: {"value": row.value, "source": str(row.source)}
        for row in profile_rows(profile)
    }
    return {"name": profile.name, "in_use": profile.name == settings.profile.name, **rows}


def _print_tables(output: Output, settings: Settings, ordered: Sequence[Profile]) -> None:
    rows = []
    for profile in ordered:
        in_use = profile.name == settings.profile.name
        name = TableCell(
            f"* {profile.name}" if in_use else f"  {profile.name}", "1" if in_use else ""
        )
        for row in profile_rows(profile):
            rows.append(
                (name, TableCell(row.setting), TableCell(row.text), TableCell(str(row.source), "2"))
            )
            name = TableCell("")
    output.table(("  PROFILE", "SETTING", "VALUE", "SOURCE"), rows)
    file = "no config.toml" if settings.config_file is None else display_path(settings.config_file)
    source = str(settings.profile_source)
    output.notice(
        f"* in use ({source}); {file}; keys and config in {display_path(settings.config_folder)}"
    )
