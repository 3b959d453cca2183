r"""Completion for bash that can take a runner's name with spaces; zsh and fish quote by themselves.

A name is offered as the shell needs it typed: `Database\ Backup`, or as it is inside a quotation
that was already opened.
"""

import os
import re

from click.shell_completion import BashComplete, CompletionItem, add_completion_class

_SPECIAL = re.compile(r"([^\w@%+=:,./-])")

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
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
%(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class QuotingBash(BashComplete):
    """Bash completion whose values are quoted, by a script that keeps their backslashes."""

    source_template = _SCRIPT

    def format_completion(self, item: "CompletionItem[str]") -> str:
        """The item as a line of the protocol between script and program."""
        quoted = item.value if _in_quotation() else _SPECIAL.sub(r"\\\1", item.value)
        return f"{item.type},{quoted}"


def install() -> None:
    """Use it in place of click's own."""
    add_completion_class(QuotingBash)


def _in_quotation() -> bool:
    """Whether the word being completed begins with a quotation mark."""
    typed = os.environ.get("COMP_WORDS", "")
    return typed.count('"') % 2 == 1 or typed.count("'") % 2 == 1
