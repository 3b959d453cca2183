"""What cannot work in config.toml is told on the screen, with file and line."""

from functools import partial
from pathlib import Path

import pytest

from nodion_tui.config import Profile, Settings, read_settings
from nodion_tui.model.runner import Runner
from nodion_tui.ui.problems.find import find_problems
from tests.support.onscreen import on_screen

BROKEN = """\
theme = "nodion-drak"
[profiles.a]
color = "rde"
[keys]
"run.stopp" = "D"
[[rules]]
name = "pager"
status = ["failed", "faild"]
command = ["~/bin/page"]
[[rules]]
name = "pager"
runner = "Nobody"
tell = []
[[rules]]
status = "pending"
longer_than = "5m"
tell = "bell"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path, BROKEN)


def settings_of(folder: Path, text: str) -> Settings:
    (folder / "config.toml").write_text(text)
    return read_settings(environ={"NODION_TUI_CONFIG": str(folder), "HOME": str(folder)})


def test_each_is_found_with_file_and_line(settings: Settings) -> None:
    found = [str(problem) for problem in find_problems(settings, [Runner(id="1", name="Hello")])]
    wanted = (
        "config.toml:1: theme: there is no theme 'nodion-drak'; did you mean nodion-dark?",
        "config.toml:3: profiles.a.color: there is no colour 'rde'; did you mean red?",
        "config.toml:5: keys: there is no command run.stopp; did you mean run.stop?",
        "config.toml:8: rules[0].status: no run has the status 'faild'; did you mean failed?",
        "config.toml:9: rules[0].command: command not found: ~/bin/page; there is no shell",
        "config.toml:11: rules[1].name: rules[0] has the same name",
        "config.toml:12: rules[1].runner: no runner in profile a has a name or id like 'Nobody'",
        "config.toml:13: rules[1].tell: it tells nobody: give tell or command",
        "config.toml:16: rules[2].longer_than: a pending run has no duration yet",
    )
    assert [text for text, begin in zip(found, wanted, strict=True) if text.startswith(begin)] == (
        found
    )


def test_without_runners_no_pattern_is_wrong(settings: Settings) -> None:
    assert not any("rules[1].runner" in str(problem) for problem in find_problems(settings))


def test_a_configuration_that_works_has_none(tmp_path: Path) -> None:
    text = '[profiles.a]\ncolor = "red"\n[[rules]]\nrunner = "[prod] *"\ncommand = ["sh"]\n'
    settings = settings_of(tmp_path, text)
    assert find_problems(settings, [Runner(id="1", name="[prod] Backup")]) == []


async def test_they_are_told_once_and_listed_on_request(
    profile: Profile, settings: Settings
) -> None:
    async with on_screen(profile, problems=partial(find_problems, settings)) as shown:
        await shown.sees("config.toml:1: theme: there is no", "W lists 8 problems")
        await shown.sees("up to date")
        await shown.app._check_regularly()  # it runs every few seconds
        await shown.sees("like 'Nobody'", "W lists 9 problems")
        assert "W lists 8" not in shown.text, "one toast tells all"
        await shown.press("W")
        await shown.sees("Problems of config.toml", "config.toml:8", "'faild'")
        assert "W lists" not in shown.text
        lines = shown.text.splitlines()
        title = next(n for n, line in enumerate(lines) if "╭─ Problems of" in line)
        assert "config.toml:1" in lines[title + 2], "one blank row above it"
        await shown.press("escape")
        await shown.until(lambda: "╭─ Problems of" not in shown.text, "the list is closed")


async def test_a_low_window_is_not_covered_by_them(profile: Profile, settings: Settings) -> None:
    async with on_screen(profile, (40, 10), problems=partial(find_problems, settings)) as shown:
        await shown.sees("config.toml:1: theme", "W lists")
        assert "config.toml:3" not in shown.text


async def test_without_problems_that_is_said(profile: Profile) -> None:
    async with on_screen(profile) as shown:
        await shown.press("W")
        await shown.sees("config.toml has no problems")


async def test_a_dismissed_problem_is_not_told_again(profile: Profile, settings: Settings) -> None:
    async with on_screen(profile, problems=partial(find_problems, settings)) as shown:
        await shown.sees("W lists 8 problems", "up to date")
        await shown.press("backspace")
        await shown.until(lambda: "W lists" not in shown.text, "the toast is gone")
        await shown.app._check_regularly()
        await shown.sees("like 'Nobody'", "W lists 9 problems")
        assert "no theme" not in shown.text
