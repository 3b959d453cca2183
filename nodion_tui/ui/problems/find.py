"""Finds what cannot work in a valid configuration, for dashboard, `doctor` and `config show`.

Themes, colours and keys are Textual's, so this is above `config`, which finds what its file shows.
"""

import itertools
import os
from collections.abc import Iterator, Sequence

from nodion_tui.config import Settings
from nodion_tui.config.problems import Problem, in_file_order, program_problem, similar_hint
from nodion_tui.model.runner import Runner, matches_runner
from nodion_tui.model.text.sanitize import sanitize


def find_problems(settings: Settings, runners: Sequence[Runner] = ()) -> list[Problem]:
    """Every problem, in the order of the file.

    Args:
        settings: the configuration.
        runners: those of the service, for the patterns of rules; empty: they are not checked.
    """
    problems = (
        settings.problems,
        _program_problems(settings),
        _theme_problems(settings),
        _color_problems(settings),
        _key_problems(settings),
        pattern_problems(settings, runners),
    )
    return in_file_order(itertools.chain.from_iterable(problems))


def _program_problems(settings: Settings) -> Iterator[Problem]:
    commands = {
        "rules": [rule.command for rule in settings.rules],
        "patterns": [pattern.command for pattern in settings.patterns],
    }
    for table, argvs in commands.items():
        for index, argv in enumerate(argvs):
            if argv and (text := program_problem(argv)):
                where = settings.source(f"{table}.{index}.command")
                yield Problem(str(where), f"{table}[{index}].command: {text}")
    for command in settings.commands:
        if text := program_problem(command.command):
            yield Problem(command.where, sanitize(f"commands: {command.id}: {text}"))


def _theme_problems(settings: Settings) -> Iterator[Problem]:
    if settings.theme is None:
        return
    from nodion_tui.ui.paint.theme import theme_names  # noqa: PLC0415 - Textual, on demand

    names = theme_names()
    if settings.theme not in names:
        hint = similar_hint(settings.theme, names)
        text = f"theme: there is no theme {settings.theme!r}{hint}"
        yield Problem(str(settings.source("theme")), text)


def _color_problems(settings: Settings) -> Iterator[Problem]:
    colored = {
        profile.name: profile
        for profile in (*settings.profiles, settings.profile)
        if profile.color and not profile.color.startswith("#")
    }
    if not colored:
        return
    from textual.color import Color, ColorParseError  # noqa: PLC0415 - on demand

    for profile in colored.values():
        try:
            Color.parse(profile.color or "")
        except ColorParseError as error:
            similar = error.suggested_color
            hint = f"; did you mean {similar}?" if similar else '; write it as "#d70000"'
            text = f"profiles.{profile.name}.color: there is no colour {profile.color!r}{hint}"
            yield Problem(str(profile.source("color")), text)


def _key_problems(settings: Settings) -> Iterator[Problem]:
    if not (settings.keys or settings.commands):
        return
    from nodion_tui.ui.commands.keymap import keymap_problems, own_key_problems  # noqa: PLC0415 - Textual, on demand
    from nodion_tui.ui.commands.own_declarations import declared, pager_command  # noqa: PLC0415 - as above

    own = [declared(command) for command in settings.commands]
    places = {command.id: command.where for command in settings.commands}
    for problem in own_key_problems(own, settings.keys):
        yield Problem(places[problem.command_id], sanitize(f"commands: {problem.text}"))
    own.append(declared(pager_command(os.environ)))
    for problem in keymap_problems(settings.keys, own):
        where = settings.sources.get(f"keys.{problem.command_id}", settings.source("keys"))
        yield Problem(str(where), sanitize(problem.text))


def pattern_problems(settings: Settings, runners: Sequence[Runner]) -> Iterator[Problem]:
    """The rules and line patterns that match none of these runners; without runners none."""
    if not runners:
        return
    wanted = [("rules", index, rule.runner) for index, rule in enumerate(settings.rules)]
    for index, pattern in enumerate(settings.patterns):
        wanted.append(("patterns", index, pattern.runner))
    for table, index, name in wanted:
        if name.strip() and not any(matches_runner(name, each.id, each.name) for each in runners):
            text = f"no runner in profile {settings.profile.name} has a name or id like {name!r}"
            where = settings.source(f"{table}.{index}.runner")
            yield Problem(str(where), f"{table}[{index}].runner: {text}")
