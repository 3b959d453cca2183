"""Problems in config.toml name file, line and key, and never contain a value."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.config import Settings
from nodion_tui.config.config_file import ProfileSection, TopSection
from nodion_tui.config.line_patterns import MAX_PATTERNS
from nodion_tui.config.notify_rules import RuleSection
from nodion_tui.config.table_checker import field_types
from nodion_tui.config.toml import TomlDocument, key_lines, read_toml
from nodion_tui.model.errors import ConfigError
from nodion_tui.model.notify_rule import NotificationProtocol, NotifyChannel, NotifyRule
from nodion_tui.model.runner import Runner
from nodion_tui.ui.problems.find import find_problems

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
    "height of the log": ('log_height = "CANARY"', "1: log_height: expected fit or share"),
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
    "a placeholder that does not exist": (
        '[[commands]]\ntitle = "a"\ncommand = ["jq", "{rnu}"]',
        "3: commands[0].command: there is no {rnu} with on = run; there is {file}, {runner}, {run}",
    ),
    "a placeholder of another subject": (
        '[[commands]]\ntitle = "a"\non = "runner"\ncommand = ["jq", "{run}"]',
        "4: commands[0].command: there is no {run} with on = runner; there is {runner}",
    ),
    "a command without a title": ('[[commands]]\ncommand = ["a"]', "1: commands[0]: title missing"),
    "two commands of one title": (
        '[[commands]]\ntitle="a"\ncommand=["a"]\n[[commands]]\ntitle="A!"\ncommand=["a"]',
        "5: commands[1].title: another command has this title or one like it: config.toml:1",
    ),
    "what is given": (
        '[[commands]]\ntitle="a"\ncommand=["a"]\ngive = "selection"',
        "4: commands[0].give: expected filtered or log or nothing or run with on = run",
    ),
    "what becomes of the output": (
        '[[commands]]\ntitle="a"\ncommand=["a"]\ntake = "CANARY"',
        "4: commands[0].take: expected one of screen, pane, toast, nothing",
    ),
    "colour": ('[profiles.a]\ncolor = "CANARY x"', "2: profiles.a.color: expected a colour"),
    "address": (
        '[profiles.a]\nread_only = true\napi_url = "https://u:CANARY@x"',
        "config.toml:3: api_url: contains a user name or a password",
    ),
    "archive": ('[profiles.a]\narchive = "lots"', "2: profiles.a.archive: 'lots' is not a size"),
    "too few": ("requests_per_minute = 0", "1: requests_per_minute: must be at least 2"),
    "streams": ("streams = 0", "1: streams: must be at least 1"),
    "wall": ("wall_streams = -1", "1: wall_streams: must be at least 0"),
    "rule for new causes": (
        '[[rules]]\nstatus = "canceled"\nnew = true',
        "3: rules[0].new: only with the status failed",
    ),
    "rules": ("rules = 3", "1: rules: expected a list in brackets, got a whole number"),
    "a rule": (
        '[[rules]]\nname = "CANARY"\n[[rules]]\nlonger_than = "soon"',
        "4: rules[1].longer_than: 'soon' is not a duration",
    ),
    "a rule about runs and about silence": (
        '[[rules]]\nnot_for = "26h"\nstatus = "failed"',
        "3: rules[0].status: not with not_for or overdue",
    ),
    "a channel": (
        '[[rules]]\ntell = ["CANARY"]',
        "2: rules[0].tell: expected any of bell, desktop, t",
    ),
    "a rule as a table": ('[rules]\nname = "CANARY"', "1: rules: no such table; write [[rules]]"),
    "one rule": ('[[rule]]\nname = "CANARY"', "1: rule: unknown setting; did you mean rules?"),
    "one profile": ('[profile.a]\ncolor = "CANARY"', "1: profile: no such table; write [profiles."),
    "one key": ('[key]\n"run.stop" = "CANARY"', "1: key: no such table; write [keys]"),
    "silence of no time": ('[[rules]]\nnot_for = "0s"', "2: rules[0].not_for: must be longer than"),
    "a channel of awaited runs": ('tell = "CANARY"', "1: tell: expected any of bell, desktop"),
    "a protocol": ('desktop = "CANARY"', "1: desktop: expected any of auto, none, osc9"),
    "a colour of four digits": (
        '[profiles.a]\ncolor = "#abcd"',
        "2: profiles.a.color: expected a colour",
    ),
    "unknown in a rule": (
        '[[rules]]\nstaus = "CANARY"',
        "2: rules[0].staus: unknown setting",
    ),
    "pattern without regex": ('[[patterns]]\nlook = "bold"', "1: patterns[0]: regex is missing"),
    "bad regex": (
        '[[patterns]]\nregex = "(CANARY"\nlook = "bold"',
        "2: patterns[0].regex: not a regular expression: missing )",
    ),
    "regex for every line": (
        '[[patterns]]\nregex = ".*"\nlook = "bold"',
        "2: patterns[0].regex: it matches every line",
    ),
    "look": (
        '[[patterns]]\nregex = "a"\nlook = "bold CANARY"',
        "3: patterns[0].look: expected any of primary, accent, success, warning, error, muted, b",
    ),
    "pattern for nothing": (
        '[[patterns]]\nregex = "CANARY"',
        "1: patterns[0]: it does nothing: give look, tell or command",
    ),
    "key of a pattern": (
        '[[patterns]]\nregexp = "CANARY"',
        "2: patterns[0].regexp: unknown setting; did you mean regex?",
    ),
    "watched for nothing": (
        '[[patterns]]\nregex = "CANARY"\nlook = "bold"\nwatch = true',
        "4: patterns[0].watch: watched for nothing: give tell or command",
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


@pytest.mark.parametrize(
    ("table", "section"),
    [("", TopSection), ("[profiles.a]", ProfileSection), ("[[rules]]", RuleSection)],
)
def test_each_key_may_be_misspelt_or_of_another_type(
    load_with: Load, table: str, section: type[msgspec.Struct]
) -> None:
    for key, accepted in field_types(section).items():
        if key in {"rules", "keys", "patterns", "commands"}:
            continue
        misspelt = key.replace("e", "ee", 1) if "e" in key else f"{key}s"
        with pytest.raises(ConfigError, match=rf"{misspelt}: unknown setting; did you mean {key}"):
            load_with(f"{table}\n{misspelt} = 1")
        other = '"CANARY"' if accepted in {bool, int} else "1.5"
        with pytest.raises(ConfigError, match=rf"config\.toml:2: \S*{key}: expected ") as raised:
            load_with(f"{table}\n{key} = {other}")
        assert "CANARY" not in str(raised.value)


def test_how_awaited_runs_are_told_arrives(load_with: Load) -> None:
    settings = load_with('tell = ["bell", "desktop"]\ndesktop = "osc777"')
    assert settings.tell == frozenset({NotifyChannel.BELL, NotifyChannel.DESKTOP})
    assert settings.desktop is NotificationProtocol.OSC777
    assert str(settings.source("desktop")) == "config.toml:2"
    assert (load_with('desktop = "auto"').desktop, load_with("").tell) == (None, None)


def test_patterns_arrive(load_with: Load) -> None:
    settings = load_with("""
[[patterns]]
regex = "OOM|out of memory"
look = "error bold"
runner = "etl*"
tell = "bell"
command = ["no-such-pager", "-x"]
watch = true
per_minute = 2
""")
    (pattern,) = settings.patterns
    assert (pattern.label, pattern.look) == ("OOM|out of memory", frozenset({"error", "bold"}))
    assert (pattern.runner, pattern.tell) == ("etl*", frozenset({NotifyChannel.BELL}))
    assert (pattern.watch, pattern.tells, pattern.is_stop) == (True, True, True)
    assert pattern.source.endswith("config.toml:2")
    problems = [str(problem) for problem in find_problems(settings, [Runner(id="x", name="web")])]
    nobody = f"no runner in profile {settings.profile.name} has a name or id like 'etl*'"
    assert problems == [
        f"config.toml:5: patterns[0].runner: {nobody}",
        "config.toml:7: patterns[0].command: command not found: no-such-pager; it is not on PATH",
    ]


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
new = true
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
    assert other == NotifyRule(status=frozenset({"failed", "canceled"}), new=True)


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


def test_patterns_are_bounded(load_with: Load) -> None:
    one = '[[patterns]]\nregex = "a"\nlook = "bold"\n'
    assert len(load_with(one * MAX_PATTERNS).patterns) == MAX_PATTERNS
    with pytest.raises(ConfigError, match=r"patterns\[50\]: more than 50 patterns"):
        load_with(one * (MAX_PATTERNS + 1))
    with pytest.raises(ConfigError, match=r"toml:2: patterns\[0\]\.regex: longer than 1,000"):
        load_with(one.replace('"a"', f'"{"a" * 1001}"'))
