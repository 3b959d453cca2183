"""Names of keys as Textual writes them in bindings."""

import unicodedata

from textual.keys import REPLACED_KEYS, Keys, _character_to_key


def is_key_name(name: str) -> bool:
    """Whether Textual has a key of this name, without modifiers."""
    if len(name) == 1 or name in {key.value for key in Keys}:
        return True
    try:
        unicodedata.lookup(REPLACED_KEYS.get(name, name).replace("_", " "))
    except KeyError:
        return False
    return True


def key_name(key: str) -> str:
    """The name of a key that may be written as its character: `slash` for `/`."""
    return _character_to_key(key) if len(key) == 1 else key
