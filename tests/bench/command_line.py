"""P13: CPU time of short commands and of a Tab in bash.

A command is compared with what it cannot do without: Python alone, or Python that imports httpx.
The time of all processes that it starts is included, `head` and the shell too.
"""

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.fleet import Plan, first_run
from tests.bench.measure import Effort, Measure, Target, at_most, interleaved, told
from tests.bench.program import DASHBOARD, environment
from tests.bench.service import service

ROW = "P13"
_PROGRAM = DASHBOARD[0]
_RUNNER = "Runner 000"
_TAB_MS = 150
_BARE = (sys.executable, "-c", "pass")
_HTTPX = (sys.executable, "-c", "import httpx")
_SCRIPT = """\
#!{python}
import sys
from nodion_tui.cli import main
if __name__ == '__main__':
    sys.argv[0] = sys.argv[0].removesuffix('.exe')
    sys.exit(main())
"""
"""As pip 25 and later install a program. What pip before that installs imports `re` first, which is
half the time of a bare Python, and nothing that the program could change."""
_SETTINGS = """\
theme = "nord"
requests_per_minute = 120
[profiles.default]
key_env = "NODION_API_KEY"
color = "red"
[keys]
trigger = "t"
[[rules]]
runner = "*"
status = "failed"
tell = ["toast", "bell"]
"""
"""A small config.toml: what it takes to read one is told, as most commands of scripts have none."""
_TAB = """\
eval "$({program} completion bash)"
COMP_LINE='nodion-tui runs Run' COMP_POINT=19
complete_it() {{ _nodion_tui_completion {program}; wait $!; }}
complete_it
[ "${{COMPREPLY[0]}}" = 'Runner\\ 000' ]
"""


def measure(effort: Effort) -> Sequence[Measure]:
    """CPU time of each command, and of what it is compared with in the same round."""
    plan = Plan(runners=3, runs=20, running=0, lines=10_000)
    rounds = Effort(effort.of(20, 8), effort.quick)
    with (
        service(plan) as served,
        _variables(served.url) as (env, script),
        environment(served.url, settings=_SETTINGS) as settings,
    ):
        cpu = functools.partial(_cpu, env)
        logs = _piped(_PROGRAM, "logs", _RUNNER, first_run("").split("/")[-1])
        acts: list[Callable[[], float]] = [
            functools.partial(cpu, command)
            for command in (
                (script, "--version"),
                (_PROGRAM, "--version"),
                _BARE,
                (_PROGRAM, "runs", _RUNNER),
                logs,
                _HTTPX,
                ("bash", "--norc", "-c", _TAB.format(program=_PROGRAM)),
                ("bash", "--norc", "-c", f"{_PROGRAM} completion bash"),
            )
        ]
        acts.append(functools.partial(_cpu, env | settings, (_PROGRAM, "runs", _RUNNER)))
        for act in acts:
            act()  # Bytecode is compiled once.
        version, installed, bare, runs, first, httpx, tab, setup, configured = interleaved(
            rounds, *acts
        )
    return [
        Measure(ROW, "--version", "ms", version, bare, "bare Python", Target(1.5)),
        told(ROW, "the same, as installed here", "ms", installed),
        Measure(ROW, "runs", "ms", runs, httpx, "import httpx", Target(1.2)),
        Measure(ROW, "the same, with a config.toml", "ms", configured, httpx, "import httpx"),
        Measure(ROW, "logs | head -1", "ms", first, httpx, "import httpx", Target(1.2)),
        at_most(ROW, "a Tab in bash", "ms", _without(tab, setup), _TAB_MS),
    ]


@contextmanager
def _variables(url: str) -> Iterator[tuple[dict[str, str], str]]:
    """The variables of the commands, and the path of a script that starts the program."""
    with environment(url) as env, tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "nodion-tui")
        script.write_text(_SCRIPT.format(python=sys.executable))
        script.chmod(0o755)
        # Where it is set, a command compiles our modules each time, and what it is compared with
        # does not: those of a library are compiled when it is installed.
        inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        yield inherited | env, str(script)


def _piped(*words: str) -> tuple[str, ...]:
    """A command of which the first line of output is read."""
    return ("sh", "-c", '"$@" | head -1', "sh", *words)


def _cpu(env: Mapping[str, str], argv: Sequence[str]) -> float:
    """CPU milliseconds of a command with all processes that it waited for.

    Raises:
        AssertionError: it failed.
    """
    with subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, f"{argv} returned {child.returncode}"
    return (used.ru_utime + used.ru_stime) * 1000


def _without(whole: Sequence[float], part: Sequence[float]) -> list[float]:
    """What a Tab takes of what a shell takes that also sets completion up."""
    return [all_of_it - of_it for all_of_it, of_it in zip(whole, part, strict=True)]
