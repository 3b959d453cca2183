"""Precedence of the layers, and the source of each value."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nodion_tui.config import DEFAULT_API_URL, RunnerRef, Settings, read_settings, with_key
from nodion_tui.model.errors import ConfigError

Load = Callable[..., Settings]

TWO = """\
profile = "staging"
requests_per_minute = 30
wall_streams = 4
streams = 12

[profiles.production]
project = "11111111-0000"
color = "red"
read_only = true
confirm_name = true
runners = ["id-1", {id = "id-2", name = "Nightly ETL"}]

[profiles.staging]
api_url = "https://staging.example/v1/"
key_env = "STAGING_KEY"

[keys]
"run.trigger" = "T"
"""


def test_nothing_configured_is_the_service_without_a_key(load_with: Load) -> None:
    settings = load_with()
    assert settings.profile.name == "default"
    assert settings.profile.api_url == DEFAULT_API_URL
    assert settings.profile.key_source is None
    assert with_key(settings.profile).key is None
    assert settings.config_file is None
    assert str(settings.profile.source("api_url")) == "default"


def test_the_environment_alone_is_enough(load_with: Load) -> None:
    environ = {
        "NODION_API_KEY": " k-123\n",
        "NODION_API_URL": "http://127.0.0.1:8080/v1/",
        "NODION_PROJECT": "p-1",
        "NODION_RUNNERS": "a, b ,,a",
    }
    profile = with_key(load_with(**environ).profile, environ)
    assert profile.key is not None
    assert profile.key.reveal() == "k-123"
    assert profile.api_url == "http://127.0.0.1:8080/v1"
    assert profile.project == "p-1"
    assert profile.runners == (RunnerRef("a"), RunnerRef("b"))
    assert str(profile.source("runners")) == "NODION_RUNNERS"


def test_an_empty_variable_is_ignored(load_with: Load) -> None:
    settings = load_with(NODION_API_KEY="", NODION_API_URL=" ", NODION_PROFILE="")
    assert settings.profile.api_url == DEFAULT_API_URL
    assert settings.profile.key_source is None


def test_the_file_says_which_profile_and_at_which_line(load_with: Load) -> None:
    settings = load_with(TWO)
    assert settings.profile.name == "staging"
    assert str(settings.profile_source) == "config.toml:1"
    assert settings.profile.api_url == "https://staging.example/v1"
    assert str(settings.profile.source("api_url")) == "config.toml:14"
    assert settings.requests_per_minute == 30
    assert str(settings.source("requests_per_minute")) == "config.toml:2"
    assert (settings.streams, settings.wall_streams, settings.wall_seconds) == (12, 4, 60)
    assert settings.log_height == "fit"
    assert load_with('log_height = "share"').log_height == "share"
    assert settings.keys == {"run.trigger": "T"}


def test_every_setting_of_a_profile_arrives(load_with: Load) -> None:
    profile = load_with(TWO, profile="production").profile
    assert (profile.project, profile.color) == ("11111111-0000", "red")
    assert profile.read_only
    assert profile.confirm_name
    assert profile.runners == (RunnerRef("id-1"), RunnerRef("id-2", "Nightly ETL"))
    assert [profile.name for profile in load_with(TWO).profiles] == ["production", "staging"]


@pytest.mark.parametrize(
    ("flag", "environ", "expected", "source"),
    [
        ("production", {"NODION_PROFILE": "staging"}, "production", "--profile"),
        (None, {"NODION_PROFILE": "production"}, "production", "NODION_PROFILE"),
        (None, {}, "staging", "config.toml:1"),
    ],
)
def test_flag_then_environment_then_file_choose_the_profile(
    load_with: Load, flag: str | None, environ: dict[str, str], expected: str, source: str
) -> None:
    settings = load_with(TWO, profile=flag, **environ)
    assert settings.profile.name == expected
    assert str(settings.profile_source) == source


def test_environment_comes_before_the_file(load_with: Load) -> None:
    environ = {
        "NODION_API_URL": "https://else.example/v1",
        "NODION_API_KEY": "from-environment",
        "STAGING_KEY": "from-profile",
    }
    profile = with_key(load_with(TWO, **environ).profile, environ)
    assert profile.api_url == "https://else.example/v1"
    assert profile.key is not None
    assert profile.key.reveal() == "from-environment"
    assert str(profile.source("key_source")) == "NODION_API_KEY"


def test_an_explicitly_selected_profile_takes_precedence_over_the_environment(
    load_with: Load,
) -> None:
    environ = {
        "NODION_API_URL": "https://else.example/v1",
        "NODION_API_KEY": "from-environment",
        "NODION_PROJECT": "from-environment",
        "STAGING_KEY": "from-profile",
    }
    profile = with_key(load_with(TWO, profile="staging", **environ).profile, environ)
    assert profile.api_url == "https://staging.example/v1"
    assert profile.key is not None
    assert profile.key.reveal() == "from-profile"
    assert profile.project == "from-environment"


@pytest.mark.parametrize(
    ("text", "flag", "environ", "message"),
    [
        (TWO, "prod", {}, "--profile: unknown profile 'prod'; config.toml has: production,"),
        (None, "prod", {}, "--profile: unknown profile 'prod'; config.toml has none"),
        (TWO, None, {"NODION_PROFILE": "x"}, "NODION_PROFILE: unknown profile 'x'"),
        ('profile = "x"', None, {}, "config.toml:1: unknown profile 'x'"),
        (None, None, {"NODION_PROJECT": "a b"}, "NODION_PROJECT: contains characters"),
        (None, None, {"NODION_API_URL": "ftp://x"}, "NODION_API_URL: api_url: must be a URL"),
        (None, None, {"NODION_API_URL": "https://"}, "NODION_API_URL: api_url: must be a URL"),
        (None, None, {"NODION_API_URL": "https://x/v1?k=CANARY"}, "must not contain a query"),
        (None, None, {"NODION_API_URL": "https://u:CANARY@x/v1"}, "contains a user name"),
        (None, None, {"NODION_API_URL": "https://x:99999/v1"}, "is not a valid URL"),
        (
            None,
            None,
            {"NODION_API_URL": "http://10.0.0.5/v1"},
            "plain http to 10.0.0.5 would expose",
        ),
        (None, None, {"NODION_API_URL": "http://127.0.0.1.evil.example"}, "plain http to 127."),
    ],
)
def test_invalid_values_are_reported_with_their_source(
    load_with: Load, text: str | None, flag: str | None, environ: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        load_with(text, profile=flag, **environ)
    assert message in str(raised.value)
    assert "CANARY" not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["http://localhost:1/v1", "http://[::1]:1/v1", "http://127.8.8.8/v1", "https://x.y/v1"]
)
def test_plain_http_to_this_machine_is_fine(load_with: Load, url: str) -> None:
    assert load_with(NODION_API_URL=url).profile.api_url == url


def test_plain_http_to_other_hosts_only_if_allowed(folder: Path) -> None:
    environ = {"NODION_TUI_CONFIG": str(folder), "NODION_API_URL": "http://10.0.0.5/v1"}
    settings = read_settings(allow_http=True, environ=environ)
    assert settings.profile.api_url == "http://10.0.0.5/v1"
    assert str(settings.profile.source("allow_http")) == "--allow-http"


def test_folders_come_from_the_environment(folder: Path, load_with: Load, tmp_path: Path) -> None:
    settings = load_with()
    assert settings.config_folder == folder
    assert settings.data_folder == tmp_path / "data"


def test_a_config_folder_that_is_a_file_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("")
    with pytest.raises(ConfigError, match="is a file, not a folder"):
        read_settings(environ={"NODION_TUI_CONFIG": str(file)})


GROUP = f"""{TWO}
[profiles.all]
group = ["staging", "production"]
color = "blue"
"""


def test_a_group_is_several_profiles_as_the_file_has_them(load_with: Load) -> None:
    settings = load_with(GROUP, profile="all", NODION_API_KEY="k", NODION_API_URL="https://x.y")
    assert (settings.profile.name, settings.profile.color) == ("all", "blue")
    assert settings.profile.key_source is None
    assert [each.name for each in settings.members] == ["staging", "production"]
    assert settings.members[0].api_url == "https://staging.example/v1"
    assert not load_with(GROUP, profile="staging").members


def test_profiles_of_the_command_line_are_a_group(load_with: Load, folder: Path) -> None:
    load_with(GROUP)
    environ = {"NODION_TUI_CONFIG": str(folder), "NODION_TUI_DATA": str(folder / "data")}
    settings = read_settings(group=("production", "all"), environ=environ)
    assert settings.profile.name == "production+staging"
    assert [each.name for each in settings.members] == ["production", "staging"]
    with pytest.raises(ConfigError, match="--profiles: unknown profile 'nope'"):
        read_settings(group=("nope",), environ=environ)
