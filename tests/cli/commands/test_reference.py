"""`keys`, `help`, `version`, `config`: what the program offers and how it is configured."""

import itertools
import json
import shlex
from collections.abc import Iterator

import click
import msgspec
import pytest

from nodion_tui.cli.json_option import with_json_values
from nodion_tui.cli.options import CONTEXT_SETTINGS
from nodion_tui.cli.root import SUBCOMMANDS, nodion_tui
from nodion_tui.config.config_file import ProfileSection, TopSection
from nodion_tui.config.notify_rules import RuleSection
from nodion_tui.config.schema import PROFILE_HELP, RULE_HELP, TOP_HELP
from nodion_tui.ui.commands.registry import COMMANDS
from tests.cli.conftest import RunInProcess


def test_keys_lists_every_command_as_it_is_bound(run_in_process: RunInProcess) -> None:
    listed = run_in_process("keys")
    ids = [command.id for command in COMMANDS]
    assert [row[0] for row in listed.rows] == [*ids, "own.log-in-pager"]
    assert listed.rows[-1][1] == "|"
    as_json = {row["id"]: row["keys"] for row in run_in_process("keys", "--json").objects}
    assert as_json["app.help"] == "?,f1"


def test_keys_shows_what_the_configuration_binds(
    run_in_process: RunInProcess,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("config")
    (folder / "config.toml").write_text('[keys]\n"app.help" = "f9"\n')
    monkeypatch.setenv("NODION_TUI_CONFIG", str(folder))
    assert ["app.help", "f9"] in [row[:2] for row in run_in_process("keys").rows]


def test_help_is_that_of_the_option(run_in_process: RunInProcess) -> None:
    for words in ((), ("runs",), ("config", "show")):
        assert run_in_process("help", *words).out == run_in_process(*words, "--help").out
    unknown = run_in_process("help", "runs", "more")
    assert (unknown.code, unknown.out) == (2, "")


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_the_help_of_a_command_has_a_short_option(
    run_in_process: RunInProcess, command: str
) -> None:
    assert run_in_process(command, "-h").out == run_in_process(command, "--help").out != ""


def examples(command: click.Command) -> Iterator[tuple[click.Command, list[str]]]:
    """The commands with an example in their help, and the words that it gives them."""
    for line in (command.epilog or "").splitlines():
        if line.strip().startswith("nodion-tui "):
            words = shlex.shlex(line, posix=True, punctuation_chars=True)
            words.whitespace_split = True
            typed = list(itertools.takewhile(lambda word: word[0] not in "|&>", words))
            yield command, typed[typed.index(command.name or "") + 1 :]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from examples(child)


def test_every_example_can_be_typed_as_it_stands() -> None:
    shown = list(examples(nodion_tui))
    assert len(shown) > 50
    program = click.Context(nodion_tui, **CONTEXT_SETTINGS)
    for command, words in shown:
        command.make_context(command.name, with_json_values(words), parent=program)


def test_a_command_that_has_commands_names_them(run_in_process: RunInProcess) -> None:
    done = run_in_process("config")
    expected = "nodion-tui config needs a command: schema or show. See: nodion-tui config --help"
    assert (done.code, done.err) == (2, f"nodion-tui: {expected}\n")


def test_every_way_to_ask_for_the_version(run_in_process: RunInProcess) -> None:
    assert len({run_in_process(word).out for word in ("version", "-V", "--version")}) == 1


@pytest.mark.parametrize(("typed", "meant"), [("list", "runs"), ("cancel", "stop"), ("ps", "runs")])
def test_names_of_other_tools_are_understood(
    run_in_process: RunInProcess, typed: str, meant: str
) -> None:
    done = run_in_process(typed)
    assert (done.code, f"Did you mean {meant!r}?" in done.err) == (2, True)


def test_config_show_has_every_setting_and_its_source(
    run_in_process: RunInProcess,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("config")
    (folder / "config.toml").write_text(
        'theme = "nodion-light"\npause_after = "2h"\n'
        '[keys]\n"app.help" = "f9"\n[[rules]]\nname = "r"\n'
    )
    monkeypatch.setenv("NODION_TUI_CONFIG", str(folder))
    rows = {name: (value, source) for name, value, source in run_in_process("config", "show").rows}
    assert rows["theme"] == ("nodion-light", "config.toml:1")
    assert rows["pause_after"] == ("2:00:00", "config.toml:2")
    assert rows["requests_per_minute"] == ("60", "default")
    assert rows["keys.app.help"][0] == "f9"
    assert rows["rules[0]"][0] == "r"
    assert rows["key"] == ("variable NODION_API_KEY", "NODION_API_KEY")
    as_json = {
        row["setting"]: row["value"] for row in run_in_process("config", "show", "--json").objects
    }
    assert as_json["requests_per_minute"] == 60


def test_the_schema_describes_every_key_of_the_file(run_in_process: RunInProcess) -> None:
    schema = json.loads(run_in_process("config", "schema").out)
    for section, texts, properties in (
        (TopSection, TOP_HELP, schema["properties"]),
        (ProfileSection, PROFILE_HELP, schema["$defs"]["ProfileSection"]["properties"]),
        (RuleSection, RULE_HELP, schema["$defs"]["RuleSection"]["properties"]),
    ):
        names = {field.name for field in msgspec.structs.fields(section)}
        assert names <= properties.keys() == texts.keys()
    assert schema["properties"]["guard"]["type"] == "boolean"


def commands_of(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command that is no group."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands_of(command, (*words, name))
        else:
            yield (*words, name)


def test_every_command_has_examples_of_itself(run_in_process: RunInProcess) -> None:
    for words in commands_of(nodion_tui):
        _, _, examples = run_in_process(*words, "--help").out.partition("Examples:\n")
        assert f"nodion-tui {' '.join(words)}" in examples.replace("--profile staging ", ""), words
