"""Where and who am I? Settings and profiles: flag > environment > file > default.

Values are frozen; each knows where it came from. `load` reads them and starts nothing; `with_key`
is the one that may run a command or ask a keyring for a profile's key.
"""

from nodion_tui.config.first import first_profile, keep_profile
from nodion_tui.config.keys import key_file, store_key, with_key
from nodion_tui.config.load import Settings, load
from nodion_tui.config.paths import config_folder, data_folder
from nodion_tui.config.values import (
    DEFAULT_API_URL,
    NO_SOURCE,
    KeySource,
    Profile,
    RunnerRef,
    Secret,
    Source,
)

__all__ = [
    "DEFAULT_API_URL",
    "NO_SOURCE",
    "KeySource",
    "Profile",
    "RunnerRef",
    "Secret",
    "Settings",
    "Source",
    "config_folder",
    "data_folder",
    "first_profile",
    "keep_profile",
    "key_file",
    "load",
    "store_key",
    "with_key",
]
