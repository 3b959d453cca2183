"""Where and who am I? Settings and profiles; precedence: flag > environment > file > default.

Values are frozen and know their source. `read_settings` only reads; `with_key` may run a command or
query a keyring to obtain a profile's API key.
"""

from nodion_tui.config.api_key import key_file_path, save_key, with_key, with_keys
from nodion_tui.config.paths import config_folder, data_folder
from nodion_tui.config.profile import (
    DEFAULT_API_URL,
    DEFAULT_SOURCE,
    KeySource,
    Profile,
    RunnerRef,
    Secret,
    Source,
)
from nodion_tui.config.settings import Settings, read_settings

__all__ = [
    "DEFAULT_API_URL",
    "DEFAULT_SOURCE",
    "KeySource",
    "Profile",
    "RunnerRef",
    "Secret",
    "Settings",
    "Source",
    "config_folder",
    "data_folder",
    "key_file_path",
    "read_settings",
    "save_key",
    "with_key",
    "with_keys",
]
