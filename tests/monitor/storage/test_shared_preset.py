"""A preset as a file: whole but for its secrets, and mistakes by file, line and key."""

import os
from pathlib import Path

import pytest

from nodion_tui.model.run import Run
from nodion_tui.model.trigger_draft import CommandMode, EnvRow, TriggerDraft
from nodion_tui.monitor.storage.presets import Preset
from nodion_tui.monitor.storage.shared_preset import read_shared_preset, write_shared_preset
from nodion_tui.monitor.storage.trigger_history import MAX_RECENT, TriggerHistory

DRAFT = TriggerDraft(
    mode=CommandMode.ARGV,
    argv_text="python 'a b.py' --all",
    entrypoint="sh",
    env=(EnvRow("TARGET", "staging"), EnvRow("API_TOKEN", "canary", hidden=True)),
)
MISTAKES = {
    "not TOML": ("name = ", "preset.toml: "),
    "unknown": ('nam = "a"', "preset.toml:1: nam: unknown setting; did you mean name?"),
    "wrong type": ("\nargv = 3", "preset.toml:2: argv: expected a list in brackets"),
    "both": ('argv = ["a"]\ncommand = "a"\nmode = "argv"', "preset.toml:3: mode: argv and command"),
    "no mode": ('command = "a"', 'mode: mode = "command" and command belong together'),
}


def test_a_shared_preset_is_whole_but_for_its_secrets(tmp_path: Path) -> None:
    path = write_shared_preset(tmp_path / "nightly", Preset("Nightly", DRAFT))
    assert path == tmp_path / "nightly.toml"
    assert "canary" not in path.read_text()
    assert write_shared_preset(path, Preset("Nightly", DRAFT)).name == "nightly-2.toml"
    read = read_shared_preset(path)
    assert read.name == "Nightly"
    assert read.draft.argv() == ("python", "a b.py", "--all")
    assert read.draft.entrypoint == "sh"
    target, token = read.draft.env
    assert (target.value, token.needs_value, token.hidden) == ("staging", True, True)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_names_file_and_line(tmp_path: Path, name: str) -> None:
    text, message = MISTAKES[name]
    path = tmp_path / "preset.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"preset\.toml") as raised:
        read_shared_preset(path)
    assert message in str(raised.value)


def test_the_last_different_triggers_of_a_runner_are_remembered(tmp_path: Path) -> None:
    history = TriggerHistory(tmp_path)
    for number in range(MAX_RECENT + 2):
        run = Run(id=str(number), status="pending", runner_id="r", argv=("job", str(number)))
        history.remember(run, [EnvRow("A", str(number)), EnvRow("TOKEN", "canary", hidden=True)])
    history.remember(Run(id="x", status="pending", runner_id="other"), [])
    again = Run(id="y", status="pending", runner_id="r", argv=("job", "4"))
    history.remember(again, [EnvRow("A", "4"), EnvRow("TOKEN", "canary", hidden=True)])
    secret = Run(
        id="z", status="pending", runner_id="r", command="curl -u a:canary --password=canary"
    )
    history.remember(secret, [])
    recent = history.recent("r")
    assert [each.draft.argv_text for each in recent] == [
        "job 4",
        "job 6",
        "job 5",
        "job 3",
        "job 2",
    ]
    assert recent[0].draft.env[1].needs_value
    assert "canary" not in (tmp_path / "triggered.toml").read_text()
    assert [each.draft.mode for each in history.recent("other")] == [CommandMode.DEFAULT]


def test_a_pipe_is_no_preset_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    with pytest.raises(ValueError, match="no regular file"):
        read_shared_preset(pipe)
