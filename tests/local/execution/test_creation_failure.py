"""A container engine's own words, without what is this machine's business."""

import pytest

from nodion_tui.local.execution.executors.creation_failure import (
    MAX_REASON_CHARACTERS,
    creation_failure,
    start_failure,
)
from nodion_tui.local.execution.executors.engine_cli import CommandResult
from nodion_tui.local.execution.job import JobSpec
from nodion_tui.local.runners.runner_spec import RunnerSpec

LONG_ID = "0123456789ab" * 5 + "cdef"
SPEC = JobSpec(1, "run", RunnerSpec(name="Any"), ("tool", "x"), (), {})
CREATION = {
    "Error: statfs /no/such: no such file or directory": "statfs …: no such file or directory",
    "Error: statfs /mine: no such file or directory": "statfs /mine: no such file or directory",
    "warning\nError: unknown flag: --x\nSee 'podman create --help'": "unknown flag: --x",
    "Error response from daemon: Get http://u:secret@pro/v2: no": "Get http://…@pro/v2: no",
    f"Error: container {LONG_ID} is in use": "container 0123456789ab is in use",
    "Error: \x1b[31mred\u202e": "␛[31mred<U+202E>",
    "a last line without the word": "a last line without the word",
    "": "the container engine says nothing",
}


@pytest.mark.parametrize(("said", "told"), CREATION.items())
def test_the_last_line_is_told_without_paths_and_control_sequences(said: str, told: str) -> None:
    failure = creation_failure(CommandResult(125, said.encode()), ("--volume", "/mine:/data"))
    assert str(failure) == f"The container could not be created: {told}"
    assert failure.exit_code == 125


def test_the_reason_is_bounded() -> None:
    failure = creation_failure(CommandResult(125, b"Error: " + b"x" * 10_000), ())
    assert len(str(failure).split(": ")[1]) == MAX_REASON_CHARACTERS


CRUN = "Error: crun: "
RUNC = "Error: runc: runc create failed: unable to start container process: "
STARTS = {
    f'{RUNC}exec: "tool": executable file not found in $PATH': (127, "not found"),
    f'{RUNC}exec: "tool": stat tool: no such file or directory': (127, "not found"),
    f'{RUNC}exec: "tool": permission denied: OCI permission denied': (126, "Permission denied"),
    f'{RUNC}exec: "tool": is a directory': (126, "cannot be executed"),
    f"{RUNC}exec /bin/tool: argument list too long": (
        126,
        "Arguments and variables are too long",
    ),
    f"{CRUN}executable file `tool` not found in $PATH: No such file or directory": (
        127,
        "not found",
    ),
    f"{CRUN}open executable: Permission denied: OCI permission denied": (126, "Permission denied"),
}


@pytest.mark.parametrize(("said", "told"), STARTS.items())
def test_what_is_wrong_with_the_program_is_told_with_a_shell_s_exit_code(
    said: str, told: tuple[int, str]
) -> None:
    failure = start_failure(SPEC, CommandResult(125, said.encode()), ())
    assert (failure.exit_code, str(failure)) == (told[0], f"exec: 'tool': {told[1]}")


def test_the_program_is_the_one_that_an_image_s_entrypoint_names() -> None:
    said = f'{RUNC}exec: "/image/entry": stat /image/entry: no such file or directory'.encode()
    failure = start_failure(SPEC, CommandResult(125, said), ())
    assert (failure.exit_code, str(failure)) == (127, "exec: '/image/entry': not found")


def test_a_missing_file_of_the_container_is_not_a_missing_program() -> None:
    said = f"{RUNC}error mounting /home/me/x to rootfs: no such file or directory".encode()
    failure = start_failure(SPEC, CommandResult(125, said), ())
    reason = "error mounting … to rootfs: no such file or directory"
    assert str(failure) == f"The container could not be started: {reason}"
    assert failure.exit_code == 126
