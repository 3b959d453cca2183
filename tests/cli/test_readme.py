"""Every command of README's command line works as it stands on the demo."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from trustme import CA

from nodion_tui.cli.local_engine import temporary_engine
from nodion_tui.config import Profile

README = Path(__file__).parents[2] / "README.md"
ANSWERS = (" stop ", " status", " diff ", " grep ")
"""Commands that may be 1: a run that has ended, a runner that failed, logs that differ."""


def demo_commands() -> list[str]:
    """The commands of README that use the demo."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", README.read_text(), re.DOTALL | re.MULTILINE)
    return [
        line
        for block in blocks
        for line in block.splitlines()
        if line.startswith("nodion-tui --demo ")
    ]


def test_the_config_of_readme_is_accepted_as_it_stands(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```$", README.read_text(), re.DOTALL | re.MULTILINE)
    (tmp_path / "config.toml").write_text(example)
    (tmp_path / "company.pem").write_bytes(CA().cert_pem.bytes())
    shown = subprocess.run(
        (sys.executable, "-m", "nodion_tui", "config", "show"),
        env=os.environ | {"NODION_TUI_CONFIG": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    problems = [line for line in shown.stdout.splitlines() if line.startswith("problem")]
    assert all("lnav" in line or "notify-oncall" in line for line in problems), problems


def failures(commands: Sequence[str], home: Path) -> list[str]:
    """Run the commands in an empty home; those with another exit code than documented."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environ = {"HOME": str(home), "PATH": path, "TMPDIR": os.environ["TMPDIR"], "LANG": "C.UTF-8"}
    failed = []
    for command in commands:
        process = subprocess.run(
            ("/bin/sh", "-c", command),
            cwd=home,
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        allowed = {0, 1} if any(word in command for word in ANSWERS) else {0}
        if process.returncode not in allowed:
            failed.append(f"{command}: {process.returncode} {process.stderr}")
    return failed


async def test_every_command_of_readme_works_on_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    home = tmp_path / "home"
    home.mkdir()
    commands = demo_commands()
    assert len(commands) >= 9
    async with temporary_engine(Profile(), demo=True):
        assert not await asyncio.to_thread(failures, commands, home)
