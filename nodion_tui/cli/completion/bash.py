r"""Bash completion that quotes names with spaces; zsh and fish quote completions themselves.

A name is offered in the form the shell needs: `Database\ Backup`, or unchanged inside an open
quote. Bash also breaks words at `=` and `:`, which the program does not see in its arguments. So
the completion parses the raw command line and returns only the part of a value after such a break.
"""

import os
import re

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    split_arg_string,
)

from nodion_tui.cli.completion.shells import ProgramComplete

_SPECIAL = re.compile(r"([^\w@%+=:,./-])")
_QUOTED = r"""\\.|"(?:\\.|[^"\\])*"|'[^']*'"""
_WORD = re.compile(rf"""(?:{_QUOTED}|"(?:\\.|[^"\\])*\Z|'[^']*\Z|\\\Z|[^\s"'\\])+""", re.DOTALL)
_CLOSED_QUOTE = re.compile(_QUOTED, re.DOTALL)
_OPTION = re.compile(r"--?[\w-]+=")

_SCRIPT = """\
%(complete_func)s() {
    local kind value
    COMPREPLY=()
    while IFS=, read -r kind value; do
        case $kind in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_LINE="$COMP_LINE" COMP_POINT=$COMP_POINT COMP_WORDBREAKS="$COMP_WORDBREAKS" \
%(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class QuotingBashComplete(ProgramComplete, BashComplete):
    """Bash completion that quotes values; its script preserves backslashes."""

    source_template = _SCRIPT

    def get_completion_args(self) -> tuple[list[str], str]:
        """Words before the current word, and the current word."""
        words = split_arg_string(_line())[1:]
        incomplete = words.pop() if words and _current_word() else ""
        return words, incomplete

    def format_completion(self, item: "CompletionItem[str]") -> str:
        """Encodes an item as a line of the protocol between script and program."""
        unquoted = _CLOSED_QUOTE.sub("", _current_word())
        if '"' in unquoted or "'" in unquoted:
            return f"{item.type},{item.value}"
        quoted = _SPECIAL.sub(r"\\\1", item.value)
        return f"{item.type},{_after_word_breaks(quoted, unquoted)}"


def _line() -> str:
    """Command line up to the cursor."""
    line = os.environ.get("COMP_LINE", "")
    return line[: int(os.environ.get("COMP_POINT") or len(line))]


def _current_word() -> str:
    """Typed part of the word at the cursor, including quotation marks."""
    line = _line()
    last = max(_WORD.finditer(line), key=re.Match[str].end, default=None)
    return last.group() if last and last.end() == len(line) else ""


def _after_word_breaks(quoted: str, typed: str) -> str:
    """Part of a value after the last word break of bash.

    Args:
        quoted: the quoted value.
        typed: the typed part without quoted sections, possibly after `--option=`.
    """
    breaks = [
        character for character in ":=" if character in os.environ.get("COMP_WORDBREAKS", ":=")
    ]
    typed = _OPTION.sub("", typed, count=1)
    for _ in range(sum(map(typed.count, breaks))):
        quoted = re.split("[:=]", quoted, maxsplit=1)[-1]
    return quoted
