r"""Completion for bash that can take a runner's name with spaces; zsh and fish quote by themselves.

A name is offered as the shell needs it typed: `Database\ Backup`, or as it is inside a quotation
that was already opened. Bash breaks words at `=` and `:` too, which no program sees: so the line
is read as it was typed, and of a value only what stands behind such a break is handed back.
"""

import os
import re

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    split_arg_string,
)

_SPECIAL = re.compile(r"([^\w@%+=:,./-])")
_QUOTED = r"""\\.|"(?:\\.|[^"\\])*"|'[^']*'"""
_WORD = re.compile(rf"""(?:{_QUOTED}|"(?:\\.|[^"\\])*\Z|'[^']*\Z|\\\Z|[^\s"'\\])+""", re.DOTALL)
_COMPLETE_QUOTATION = re.compile(_QUOTED, re.DOTALL)
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


class QuotingBashComplete(BashComplete):
    """Bash completion whose values are quoted, by a script that keeps their backslashes."""

    source_template = _SCRIPT

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is being typed, and that one."""
        words = split_arg_string(_line())[1:]
        incomplete = words.pop() if words and _typed() else ""
        return words, incomplete

    def format_completion(self, item: "CompletionItem[str]") -> str:
        """The item as a line of the protocol between script and program."""
        unquoted = _COMPLETE_QUOTATION.sub("", _typed())
        if '"' in unquoted or "'" in unquoted:
            return f"{item.type},{item.value}"
        return f"{item.type},{_behind_breaks(_SPECIAL.sub(_backslash, item.value), unquoted)}"


def install() -> None:
    """Use it in place of click's own."""
    add_completion_class(QuotingBashComplete)


def _line() -> str:
    """The command line up to the cursor."""
    line = os.environ.get("COMP_LINE", "")
    return line[: int(os.environ.get("COMP_POINT") or len(line))]


def _typed() -> str:
    """What is typed of the word under the cursor, quotation marks and all."""
    line = _line()
    last = max(_WORD.finditer(line), key=re.Match[str].end, default=None)
    return last.group() if last and last.end() == len(line) else ""


def _behind_breaks(quoted: str, typed: str) -> str:
    """What of a value bash has not yet taken for words of their own.

    Args:
        quoted: the value.
        typed: what was typed of it, without its quotations, `--option=` before it.
    """
    breaks = [each for each in ":=" if each in os.environ.get("COMP_WORDBREAKS", ":=")]
    typed = _OPTION.sub("", typed, count=1)
    for _ in range(sum(map(typed.count, breaks))):
        quoted = re.split("[:=]", quoted, maxsplit=1)[-1]
    return quoted


def _backslash(found: re.Match[str]) -> str:
    return f"\\{found[0]}"
