"""Names of keys as Textual writes them in bindings."""

import unicodedata

from textual.keys import KEY_NAME_REPLACEMENTS, KEY_TO_UNICODE_NAME, REPLACED_KEYS, Keys


def is_key_name(name: str) -> bool:
    """Whether Textual has a key of this name, without modifiers."""
    if len(name) == 1 or name in {key.value for key in Keys}:
        return True
    original = REPLACED_KEYS.get(name, name)
    try:
        unicodedata.lookup(KEY_TO_UNICODE_NAME.get(original, original.replace("_", " ")))
    except KeyError:
        return False
    return True


def key_name(key: str) -> str:
    """The name of a key that may be written as its character: `slash` for `/`."""
    if len(key) != 1 or key.isalnum():
        return key
    name = unicodedata.name(key, key).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)
