import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nodion_tui.model.text.masking import MASK, mask_argv, mask_command

CANARY = "hunter2hunter2"


@pytest.mark.parametrize(
    "command",
    [
        f"DB_PASSWORD={CANARY} python migrate.py",
        f"export API_TOKEN='{CANARY}'; run",
        f'login --password "{CANARY}" --user bob',
        f"login --password={CANARY}",
        f"login --api-key {CANARY}",
        f"curl -u bob:{CANARY} https://x",
        f"curl -H 'Authorization: Bearer {CANARY}' https://x",
        f"psql postgres://bob:{CANARY}@db/app",
        f"curl https://x?token={CANARY}",
        f"echo ghp_{CANARY}",
        f'set password: "{CANARY}"',
    ],
)
def test_secrets_in_a_command_are_masked(command: str) -> None:
    masked = mask_command(command)
    assert CANARY not in masked
    assert MASK in masked


@pytest.mark.parametrize(
    "command",
    [
        "python migrate.py --env staging",
        "cd /app && make -j 4 | tee out.log",
        "git log --author bob",
        "echo KEYBOARD=qwerty",
        "",
    ],
)
def test_other_commands_stay_as_they_are(command: str) -> None:
    assert mask_command(command) == command


def test_argv_is_masked_token_by_token() -> None:
    argv = ("login", "--password", CANARY, "--verbose", f"--token={CANARY}", f"KEY={CANARY}", "x")
    assert mask_argv(argv) == (
        "login",
        "--password",
        MASK,
        "--verbose",
        f"--token={MASK}",
        f"KEY={MASK}",
        "x",
    )


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=40), max_size=20))
def test_every_token_keeps_its_place(argv: list[str]) -> None:
    assert len(mask_argv(argv)) == len(argv)
