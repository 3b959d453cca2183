"""`profiles`: what is configured, and where each value came from."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import click
import msgspec

from nodion_tui.cli.options import json_option, load_settings, make_output, profile_option
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.config import Profile, Settings, Source
from nodion_tui.config.paths import display_path

_ALWAYS = frozenset({"api_url", "key"})


class SettingRow(NamedTuple):
    """One value of one profile."""

    setting: str
    value: Any
    """For JSON."""
    text: str
    source: Source


@click.command()
@profile_option
@json_option
@click.pass_context
def profiles(ctx: click.Context, profile: str | None, *, as_json: bool) -> int:
    """Show each profile's settings and where each came from. No key is ever shown.

    In a pipe: profile, setting, value and source, a tab between them. The profile in use is the
    first one.
    """
    settings = load_settings(ctx, profile)
    out = make_output(ctx, settings, json=as_json)
    everything = _in_order(settings)
    if out.json:
        out.json_lines(msgspec.json.encode(_object(settings, each)) for each in everything)
    elif out.is_terminal:
        _print_tables(out, settings, everything)
    else:
        out.tab_separated(
            (each.name, row.setting, row.text, str(row.source))
            for each in everything
            for row in _rows(each)
        )
    return 0


def _in_order(settings: Settings) -> Sequence[Profile]:
    """The profile in use, then the others of the file."""
    others = [each for each in settings.profiles if each.name != settings.profile.name]
    return [settings.profile, *others]


def _rows(profile: Profile) -> Iterator[SettingRow]:
    for name in ("api_url", "key", "project", "runners", "color"):
        row = _row(profile, name)
        if row.value or name in _ALWAYS:
            yield row
    for name in ("read_only", "confirm_name", "allow_http"):
        if value := getattr(profile, name):
            yield SettingRow(name, value, "true", profile.source(name))


def _row(profile: Profile, name: str) -> SettingRow:
    if name == "key":
        text = "none" if profile.key_source is None else str(profile.key_source)
        value = None if profile.key_source is None else text
        return SettingRow(name, value, text, profile.source("key_source"))
    if name == "runners":
        labels = [ref.name or ref.id for ref in profile.runners]
        return SettingRow(
            name, [ref.id for ref in profile.runners], ", ".join(labels), profile.source(name)
        )
    value = getattr(profile, name)
    return SettingRow(name, value, value or "", profile.source(name))


def _object(settings: Settings, profile: Profile) -> dict[str, Any]:
    rows = {row.setting: {"value": row.value, "source": str(row.source)} for row in _rows(profile)}
    return {"name": profile.name, "in_use": profile.name == settings.profile.name, **rows}


def _print_tables(out: Output, settings: Settings, everything: Sequence[Profile]) -> None:
    rows = []
    for each in everything:
        in_use = each.name == settings.profile.name
        name = TableCell(f"* {each.name}" if in_use else f"  {each.name}", "1" if in_use else "")
        for row in _rows(each):
            rows.append(
                (name, TableCell(row.setting), TableCell(row.text), TableCell(str(row.source), "2"))
            )
            name = TableCell("")
    out.table(("  PROFILE", "SETTING", "VALUE", "FROM"), rows)
    file = "no config.toml" if settings.config_file is None else display_path(settings.config_file)
    chosen = str(settings.profile_source)
    out.notice(
        f"* is in use ({chosen}); {file}; keys and config in {display_path(settings.config_folder)}"
    )
