"""Commands of the merged log; its lines take those of any log."""

from functools import partial

from nodion_tui.ui.commands.command import Command

_do = partial(Command, group="Merged log", scope="merged")

MERGED = (
    _do(
        "merged.runs", ("H",), "choose_runs", "Hide or show runs", footer="runs", rank=11
    ).with_help(
        "Lists the runs and how complete the log of each is. Enter on a line opens its run there."
    ),
    _do(
        "merged.leave",
        ("escape",),
        "leave",
        "Leave merged log",
        footer="dashboard",
        rank=11,
        palette=False,
    ),
)
