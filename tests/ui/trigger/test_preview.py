"""Preview and curl command: both send exactly the request."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.config import Profile, Secret
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.ui.trigger.preview import curl_command, mask_request, pretty_json

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
PROFILE = Profile(name="p", key=Secret("canary-key"), project="it's mine")
NONE: frozenset[str] = frozenset()


def words(command: str) -> list[str]:
    return shlex.split(command)


@given(
    st.builds(
        TriggerRequest,
        argv=st.lists(TEXT, max_size=4).map(tuple),
        entrypoint=TEXT,
        env_variables=st.lists(st.builds(EnvVariable, TEXT, TEXT), max_size=3).map(tuple),
    )
)
def test_preview_and_curl_carry_exactly_the_request(request_: TriggerRequest) -> None:
    sent = json.loads(msgspec.json.encode(request_))
    assert json.loads(pretty_json(request_)) == sent
    parts = words(curl_command(request_, "r", PROFILE, NONE))
    assert json.loads(parts[parts.index("--data-raw") + 1]) == sent


def test_the_key_is_left_out_and_ids_and_project_are_quoted() -> None:
    command = curl_command(TriggerRequest(), "../x y", PROFILE, NONE)
    assert "canary" not in command
    parts = words(command)
    assert "https://api.nodion.com/v1/runners/..%2Fx%20y/runs" in parts
    assert "Authorization: Bearer $NODION_API_KEY" in parts
    assert "X-Nodion-Project: it's mine" in parts


def test_hidden_values_are_masked_in_the_preview() -> None:
    request = TriggerRequest(env_variables=(EnvVariable("A", "1"), EnvVariable("B", "canary")))
    text = pretty_json(mask_request(request, frozenset({"B"})))
    assert "canary" not in text
    assert '"env_val": "1"' in text


def test_a_mask_that_was_typed_is_no_place_for_a_secret() -> None:
    request = TriggerRequest(argv=("••••••••",), env_variables=(EnvVariable("B", "canary"),))
    command = curl_command(request, "r", PROFILE, frozenset({"B"}))
    assert "canary" not in command
    assert "$B" not in command


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell")
def test_a_shell_that_runs_it_passes_key_and_secret_from_its_own_environment(
    tmp_path: Path,
) -> None:
    request = TriggerRequest(
        argv=("echo", "it's $HOME `x`\n🙂"),
        env_variables=(EnvVariable("A", "1"), EnvVariable("DB_PASSWORD", "canary")),
    )
    stand_in = tmp_path / "curl"
    stand_in.write_text('#!/bin/sh\nfor word; do printf "%s\\0" "$word"; done\n')
    stand_in.chmod(0o700)
    environment = {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "NODION_API_KEY": "the-key",
        "DB_PASSWORD": "typed here",
    }
    command = curl_command(request, "r", PROFILE, frozenset({"DB_PASSWORD"}))
    shell = shutil.which("sh") or ""
    done = subprocess.run([shell, "-c", command], env=environment, capture_output=True, check=True)
    parts = done.stdout.decode().split("\0")
    assert "Authorization: Bearer the-key" in parts
    body = json.loads(parts[parts.index("--data-raw") + 1])
    assert body["argv"] == list(request.argv or ())
    assert body["env_variables"] == [
        {"env_key": "A", "env_val": "1"},
        {"env_key": "DB_PASSWORD", "env_val": "typed here"},
    ]
