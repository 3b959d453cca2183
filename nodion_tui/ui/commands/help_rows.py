"""The rows of the help: commands with a key by group, those of the focus first, filtered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from operator import attrgetter

from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.registry import COMMANDS, key_label, keys_of
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, fit_row, wrap_row

_KEYS, _TITLE = 12, 26
"""Column widths."""
_HELP = 24
"""Columns; with fewer, the help text goes below the title."""
_BESIDE_KEYS = 30
"""Columns beside the keys; with fewer, the help text goes below both."""
_INDENT = 2
_TWO_COLUMNS = 106
"""Columns from which groups stand in two columns: those of a terminal with 120."""
_GUTTER = 3


@dataclass(frozen=True, slots=True)
class HelpContents:
    """What the help shows."""

    keymap: Mapping[str, str]
    """Command id → keys, for rebound commands."""
    first: tuple[Scope, ...] = ()
    """Scopes whose groups come first, in this order: those of the focused widget and its screen."""
    own: tuple[Command, ...] = ()
    """The commands of config.toml, after all others."""
    query: str = ""
    """Only commands that contain each of its words; empty: all."""


def help_rows(contents: HelpContents, width: int) -> Iterator[StyledRow]:
    """The groups, one below the other or in two columns.

    Args:
        contents: what is shown.
        width: columns of a row.
    """
    is_wide = width >= _TWO_COLUMNS
    column_width = (width - _GUTTER) // 2 if is_wide else width
    groups = [list(_group_rows(*group, contents, column_width)) for group in _groups(contents)]
    if not groups:
        yield (StyledText("No command matches.", "dim"),)
    elif is_wide:
        yield from _two_columns(groups, column_width)
    else:
        yield from (row for group in groups for row in group)


def matching(contents: HelpContents) -> int:
    """Number of commands that are shown."""
    return sum(len(commands) for _, commands in _groups(contents))


def _groups(contents: HelpContents) -> Iterator[tuple[str, Sequence[Command]]]:
    words = contents.query.lower().split()
    shown = [
        command
        for command in (*COMMANDS, *contents.own)
        if keys_of(command, contents.keymap) and _contains(command, words, contents.keymap)
    ]
    order = _order(contents)
    shown.sort(key=lambda command: order[command.group])
    for name, commands in groupby(shown, key=attrgetter("group")):
        yield name, list(commands)


def _order(contents: HelpContents) -> Mapping[str, int]:
    """The place of each group, whatever is filtered."""
    commands = (*COMMANDS, *contents.own)
    first = [each.group for scope in contents.first for each in commands if each.scope == scope]
    groups = dict.fromkeys((*first, *(each.group for each in commands)))
    return {group: place for place, group in enumerate(groups)}


def _contains(command: Command, words: Iterable[str], keymap: Mapping[str, str]) -> bool:
    """Whether a command has each of the words in its title, help, group or keys."""
    keys = keys_of(command, keymap)
    labels = {label for key in keys for label in (key.lower(), key_label(key).lower())}
    text = f"{command.title} {command.help} {command.group}".lower()
    return all(word in text or word in labels for word in words)


def _group_rows(
    name: str, commands: Sequence[Command], contents: HelpContents, width: int
) -> Iterator[StyledRow]:
    yield (StyledText(name, "name"),)
    for command in commands:
        yield from _command_rows(command, keys_of(command, contents.keymap), width)
    yield ()


def _two_columns(groups: Sequence[Sequence[StyledRow]], width: int) -> Iterator[StyledRow]:
    """The groups in two columns of similar height, in reading order."""
    total, height, split = sum(map(len, groups)), 0, 0
    while split < len(groups) and height + len(groups[split]) / 2 <= total / 2:
        height += len(groups[split])
        split += 1
    left = [row for group in groups[: max(split, 1)] for row in group]
    right = [row for group in groups[max(split, 1) :] for row in group]
    for cells in zip_longest(left, right, fillvalue=()):
        yield (*fit_row(cells[0], width), StyledText(" " * _GUTTER), *cells[1])


def _command_rows(command: Command, keys: Iterable[str], width: int) -> Iterator[StyledRow]:
    """Rows of one command: keys, title and help side by side, each wrapped in its column."""
    labels = StyledText(" ".join(map(key_label, keys)), "key")
    title, help_text = StyledText(command.title), StyledText(command.help, "dim")
    help_width, beside = width - _KEYS - _TITLE - 2, max(width - _KEYS - 1, 1)
    columns = [(_KEYS, [labels])]
    if help_width >= _HELP:
        columns += [(_TITLE, [title]), (help_width, [help_text])]
    elif beside >= _BESIDE_KEYS:
        columns += [(beside, [title, help_text])]
    else:
        columns += [(beside, [title])]
    yield from _in_columns(columns)
    if beside < _BESIDE_KEYS and help_text.text:
        for line in wrap_row((help_text,), max(width - _INDENT, 1)):
            yield (StyledText(" " * _INDENT), *line)


def _in_columns(columns: Sequence[tuple[int, Sequence[StyledText]]]) -> Iterator[StyledRow]:
    """Texts side by side, each wrapped in its column."""
    wrapped = [
        [line for piece in pieces if piece.text for line in wrap_row((piece,), size)]
        for size, pieces in columns
    ]
    for cells in zip_longest(*wrapped, fillvalue=()):
        yield tuple(
            piece
            for (size, _), cell in zip(columns, cells, strict=True)
            for piece in (*fit_row(cell, size), StyledText(" "))
        )
