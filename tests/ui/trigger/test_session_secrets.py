"""Which secret values a form is filled in with."""

from nodion_tui.config import Profile
from nodion_tui.model.run import RunKey
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.ui.trigger.session_secrets import SessionSecrets

HERE, THERE = Profile(name="here"), Profile(name="there")
GAP = (EnvRow("API_TOKEN", hidden=True, needs_value=True), EnvRow("MODE", "a"))


def typed(value: str) -> tuple[EnvRow, ...]:
    return (EnvRow("API_TOKEN", value, hidden=True), EnvRow("MODE", "b"))


def test_a_value_is_that_of_the_run_or_else_the_last_of_the_runner() -> None:
    secrets = SessionSecrets()
    assert secrets.fill(HERE, "etl", GAP) == GAP
    first, second = RunKey("etl", "1"), RunKey("etl", "2")
    for key, value in ((first, "one"), (second, "two")):
        secrets.remember(HERE, "etl", typed(value))
        secrets.remember_run(HERE, key, typed(value))
    filled = EnvRow("API_TOKEN", "one", hidden=True)
    assert secrets.fill_from_run(HERE, first, GAP) == (filled, GAP[1])
    assert secrets.fill(HERE, "etl", GAP)[0].value == "two"
    assert secrets.fill(HERE, "etl", typed("mine")) == typed("mine")
    for profile, runner in ((THERE, "etl"), (HERE, "other")):
        assert secrets.fill(profile, runner, GAP) == GAP
        assert secrets.fill_from_run(profile, RunKey(runner, "1"), GAP) == GAP
    assert "one" not in repr(secrets)
