"""Problems in config.toml name file, line and key, and never contain a value."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.config import Settings
from nodion_tui.config.toml import TomlDocument, key_lines, read_toml
from nodion_tui.model.errors import ConfigError
from nodion_tui.model.notify_rule import NotifyChannel, NotifyRule

Load = Callable[..., Settings]

MISTAKES = {
    "unknown at the top": ('profil = "CANARY"', "1: profil: unknown setting; did you"),
    "unknown in a profile": (
        '[profiles.a]\n\napi_ur = "CANARY"',
        "3: profiles.a.api_ur: unknown setting; did you mean api_url?",
    ),
    "a key in the file": (
        '[profiles.a]\nkey = "CANARY"',
        "2: profiles.a.key: API keys do not belong in this file",
    ),
    "string for a switch": (
        '[profiles.a]\nread_only = "CANARY"',
        "2: profiles.a.read_only: expected true or false, got a string in quotes",
    ),
    "number for a string": (
        "theme = 3",
        "1: theme: expected a string in quotes, got a whole number",
    ),
    "not a table": ("profiles = 3", "1: profiles: expected a table for each profile"),
    "a profile that is no table": ("[profiles]\na = 3", "2: profiles.a: expected a table"),
    "name": (
        '["profiles"."../a"]\ncolor = "red"',
        "1: profiles.../a: invalid profile name: use letters",
    ),
    "dotted": ("profiles.a.read_only = 1", "1: profiles.a.read_only: expected true or false"),
    "empty command": (
        "[profiles.a]\nkey_command = []",
        "2: profiles.a.key_command: expected a prog",
    ),
    "command as a string": (
        '[profiles.a]\nkey_command = "CANARY"',
        "2: profiles.a.key_command: expected a list in brackets, got a string in quotes",
    ),
    "two keys": (
        '[profiles.a]\nkey_env = "CANARY"\nkey_file = "CANARY"',
        "3: profiles.a.key_file: conflicts with key_env",
    ),
    "runner": (
        '[profiles.a]\nrunners = [\n  "a",\n  {id = "b", nam = "CANARY"},\n]',
        "2: profiles.a.runners: unknown key nam (at [1])",
    ),
    "a group with a key": (
        '[profiles.a]\n[profiles.b]\ngroup = ["a"]\nkey_env = "CANARY"',
        "4: profiles.b.key_env: does not apply to a group: set it in its profiles",
    ),
    "a group of nothing": ("[profiles.a]\ngroup = []", "2: profiles.a.group: names no profile"),
    "a group of strangers": (
        '[profiles.a]\ngroup = ["CANARY"]',
        "2: profiles.a.group: names a profile that does not exist",
    ),
    "a group of groups": (
        '[profiles.a]\n[profiles.b]\ngroup = ["a"]\n[profiles.c]\ngroup = ["b"]',
        "5: profiles.c.group: names a group: name its profiles",
    ),
    "project": ('[profiles.a]\nproject = "CANARY x"', "2: profiles.a.project: contains characters"),
    "colour": ('[profiles.a]\ncolor = "CANARY x"', "2: profiles.a.color: expected a colour"),
    "address": (
        '[profiles.a]\nread_only = true\napi_url = "https://u:CANARY@x"',
        "config.toml:3: api_url: contains a user name or a password",
    ),
    "too few": ("requests_per_minute = 0", "1: requests_per_minute: must be at least 2"),
    "wall": ("wall_streams = -1", "1: wall_streams: must be at least 0"),
    "rules": ("rules = 3", "1: rules: expected a list in brackets, got a whole number"),
    "a rule": (
        '[[rules]]\nname = "CANARY"\n[[rules]]\nlonger_than = "soon"',
        "4: rules.1.longer_than: 'soon' is not a duration",
    ),
    "a rule about runs and about silence": (
        '[[rules]]\nnot_for = "26h"\nstatus = "failed"',
        "3: rules.0.status: not with not_for or overdue",
    ),
    "a channel": (
        '[[rules]]\ntell = ["CANARY"]',
        "2: rules.0.tell: expected any of bell, desktop, t",
    ),
    "unknown in a rule": (
        '[[rules]]\nstaus = "CANARY"',
        "2: rules.0.staus: unknown setting",
    ),
    "binding": ('[keys]\n"run.stop" = 3', "2: keys.run.stop: expected a string in quotes"),
    "syntax": ('theme = "a"\n[profiles.a\ncolor = "CANARY"', "config.toml:2: Expected"),
    "syntax in a value": ("a = CANARY", "config.toml:1: Invalid value"),
    "cut off": ('theme = "CANARY', "config.toml:1: "),
    "twice": ('theme = "a"\ntheme = "CANARY"', "config.toml:2: Cannot overwrite a value"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_names_file_line_and_key(load_with: Load, name: str) -> None:
    text, message = MISTAKES[name]
    with pytest.raises(ConfigError) as raised:
        load_with(text)
    assert message in str(raised.value)
    assert "config.toml:" in str(raised.value)
    assert "CANARY" not in str(raised.value)


def test_rules_arrive(load_with: Load) -> None:
    settings = load_with("""
[[rules]]
name = "pager"
runner = "Nightly*"
status = "failed"
longer_than = "1h30m"
tell = ["bell", "desktop"]
command = ["notify-me", "--urgent"]
[[rules]]
status = ["failed", "canceled"]
[[rules]]
not_for = "26h"
overdue = true
""")
    pager, other, silence = settings.rules
    assert (silence.not_for, silence.overdue) == (timedelta(hours=26), True)
    assert (pager.name, pager.runner) == ("pager", "Nightly*")
    assert pager.status == {"failed"}
    assert pager.longer_than == timedelta(minutes=90)
    assert pager.tell == {NotifyChannel.BELL, NotifyChannel.DESKTOP}
    assert pager.command == ("notify-me", "--urgent")
    assert other == NotifyRule(status=frozenset({"failed", "canceled"}))


def test_all_mistakes_are_reported_together(load_with: Load) -> None:
    with pytest.raises(ConfigError) as raised:
        load_with("theme = 3\n[profiles.a]\ncolor = 3\n[profiles.b]\nread_only = 3")
    assert len(str(raised.value).splitlines()) == 3


def test_binary_files_are_reported(load_with: Load, folder: Path) -> None:
    (folder / "config.toml").write_bytes(b'theme = "a"\n\xff')
    with pytest.raises(ConfigError, match=r"config\.toml:2: not UTF-8 text"):
        load_with()


def test_a_huge_file_is_refused_and_not_parsed(load_with: Load) -> None:
    with pytest.raises(ConfigError, match="larger than"):
        load_with("#" * 1_000_001)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(load_with: Load, folder: Path) -> None:
    (folder / "config.toml").write_bytes(b'\xef\xbb\xbftheme = "light"\r\nascii = true\r\n')
    settings = load_with()
    assert (settings.theme, settings.ascii) == ("light", True)
    assert str(settings.source("ascii")) == "config.toml:2"


def test_lines_are_right_behind_whatever_toml_allows() -> None:
    text = '''\
# [not.a.table]
a = """
b = 1
[c]
""" # d = 1
"quoted = key" = 'x = 1'
e.f = { g = 1, "h" = [1, 2] }
[ t . u ] # v = 1
w = [
  "x",   # y = 1
  { z = 1 },
]
[[r]]
n = 1
[r.sub]
m = 1
[[r]]
n = 2'''
    assert key_lines(text) == {
        ("a",): 2,
        ("quoted = key",): 6,
        ("e",): 7,
        ("e", "f"): 7,
        ("t", "u"): 8,
        ("t", "u", "w"): 9,
        ("r", "0"): 13,
        ("r", "0", "n"): 14,
        ("r", "0", "sub"): 15,
        ("r", "0", "sub", "m"): 16,
        ("r", "1"): 17,
        ("r", "1", "n"): 18,
    }


@given(st.text(alphabet="ab=\"'[]{}\n#.,\\ 1", max_size=60))
def test_any_text_is_read_or_refused_with_a_line(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.toml"
    path.write_text(text)
    outcome = read_or_refuse(path)
    if isinstance(outcome, str):
        assert "fuzz.toml:" in outcome
    else:
        assert all(outcome.line(key) for key in outcome.data)


def read_or_refuse(path: Path) -> TomlDocument | str:
    try:
        document = read_toml(path)
    except ConfigError as error:
        return str(error)
    assert document is not None
    return document
