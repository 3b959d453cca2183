"""Exit codes: the signal that one stands for, and a short form for a narrow column.

The numbers of signals are those of Linux, on which containers run; `signal.Signals` has those of
the machine that shows them.
"""

from collections.abc import Mapping
from types import MappingProxyType

_SIGNAL_BASE = 128
"""A shell, and a container engine, report a death by signal n as 128 + n."""

_SIGNALS: Mapping[int, str] = MappingProxyType(
    {
        1: "HUP",
        2: "INT",
        3: "QUIT",
        4: "ILL",
        5: "TRAP",
        6: "ABRT",
        7: "BUS",
        8: "FPE",
        9: "KILL",
        10: "USR1",
        11: "SEGV",
        12: "USR2",
        13: "PIPE",
        14: "ALRM",
        15: "TERM",
        24: "XCPU",
        25: "XFSZ",
        31: "SYS",
    }
)


def signal_name(exit_code: int) -> str:
    """The signal that an exit code stands for: `KILL` for 137; empty if it stands for none."""
    return _SIGNALS.get(exit_code - _SIGNAL_BASE, "")


def exit_words(exit_code: int) -> str:
    """An exit code with its signal: `137 (SIGKILL)`, `2`."""
    name = signal_name(exit_code)
    return f"{exit_code} (SIG{name})" if name else str(exit_code)


def fit_exit_code(exit_code: int, columns: int) -> str:
    """An exit code in a number of columns: with its signal if that fits, else its last digits.

    Long codes are those of Windows, such as 3221225477, which differ in their last digits.
    """
    text, name = str(exit_code), signal_name(exit_code)
    if name and len(text) + 1 + len(name) <= columns:
        return f"{text} {name}"
    return text if len(text) <= columns else f"…{text[1 - columns :]}"


def end_of_process(code: int | None) -> str:
    """How a process of this machine ended, by Python's return code: `exit 3`, `signal 9`."""
    return f"exit {code}" if code is None or code >= 0 else f"signal {-code}"
