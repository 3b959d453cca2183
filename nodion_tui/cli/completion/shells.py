r"""Completion for zsh and fish, and what all shells have in common.

click's own scripts fail three kinds of names: fish cuts them at a comma, `_describe` of zsh drops a
backslash, and for `--profile=st` both get `staging` where the whole word is replaced.
"""

import os
from typing import TYPE_CHECKING

from click.shell_completion import FishComplete, ShellComplete, ZshComplete

from nodion_tui.cli.json_option import with_json_values

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_FISH_SCRIPT = """\
function %(complete_func)s
    set -l words (commandline -cp | string collect)
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS=$words \
COMP_CWORD=(commandline -ct) %(prog_name)s 2>/dev/null)
    for line in $response
        set -l parts (string split --max 1 "," -- $line)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                printf '%%s\\n' $parts[2]
        end
    end
end

complete --no-files --keep-order --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class ProgramComplete(ShellComplete):
    """Completion that knows that the value of `--json` may be left out."""

    def get_completions(self, args: list[str], incomplete: str) -> "list[CompletionItem[str]]":
        """The suggestions for a word after others."""
        return super().get_completions(with_json_values(args), incomplete)


class ExactZshComplete(ProgramComplete, ZshComplete):
    """Zsh completion that keeps backslashes, and the option before `=`."""

    def format_completion(self, item: "CompletionItem[str]") -> str:
        """Encodes an item as three lines: type, value and description."""
        item.value = _option_before(_typed_word()) + item.value
        if item.help:
            # `_describe` reads `\\` as one backslash; without a description it is not used.
            item.value = item.value.replace("\\", "\\\\")
        return super().format_completion(item)


class ExactFishComplete(ProgramComplete, FishComplete):
    """Fish completion that keeps commas, and the option before `=`."""

    source_template = _FISH_SCRIPT

    def format_completion(self, item: "CompletionItem[str]") -> str:
        """Encodes an item as a line: type, value and description."""
        item.value = _option_before(os.environ.get("COMP_CWORD", "")) + item.value
        return super().format_completion(item)


def _typed_word() -> str:
    """The word at the cursor, as zsh hands it over."""
    return os.environ.get("COMP_WORDS", "").rpartition(" ")[2]


def _option_before(word: str) -> str:
    """`--profile=` of `--profile=st`; empty if the word is no such option."""
    option, equals, _ = word.partition("=")
    return f"{option}=" if equals and option.startswith("--") else ""
