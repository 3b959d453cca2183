"""JSON schema of config.toml, from the structs that validate it, for completion in editors."""

from collections.abc import Mapping
from typing import Any

import msgspec

from nodion_tui.config.config_file import ProfileSection, TopSection
from nodion_tui.config.line_patterns import PatternSection
from nodion_tui.config.notify_rules import RuleSection
from nodion_tui.config.own_commands import CommandSection
from nodion_tui.model.line_pattern import LOOK_WORDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TOP_HELP: Mapping[str, str] = {
    "profile": "Profile that is used unless another one is selected.",
    "theme": "nodion-dark, nodion-light, nodion-contrast, nodion-ansi or a theme of Textual.",
    "ascii": "Use ASCII glyphs only.",
    "guard": "Start a guardian process that restores the terminal if the dashboard is killed.",
    "compact_output": "Let the terminal scroll and erase; default: if TERM is known to.",
    "requests_per_minute": "Budget of polls; at least 2.",
    "max_log_bytes": "Bytes of log text kept in memory, all logs together; at least 1,000,000.",
    "log_height": "Log of the dashboard: fit (a short one leaves rows to the lists) or share.",
    "streams": "Streams at once: open log, wall, and running runs held for their end; at least 1.",
    "wall_streams": "Logs streamed at once on the wall; the others are polled.",
    "wall_seconds": "Seconds that an ended run stays on the wall.",
    "pause_after": "Time without terminal focus after which polling pauses: 1h, or never.",
    "tell": "How awaited runs are told (started here, or B): toast, bell, desktop.",
    "desktop": "Desktop notifications by: auto, osc9, osc777, osc99, none.",
    "keys": "Command id to keys, separated by commas; `nodion-tui keys` lists the ids.",
    "rules": "Notification rules.",
    "patterns": "Lines of logs that are lit and told.",
    "commands": "Commands of your own, on keys of the dashboard.",
    "profiles": "Accounts and engines, by name.",
}
PROFILE_HELP: Mapping[str, str] = {
    "api_url": "Address of the API.",
    "project": "Project id, for a key with access to several projects.",
    "key_env": "Environment variable with the API key.",
    "key_command": "Program and arguments that print the API key.",
    "key_keyring": "Read the API key from the system's keyring: true, or the user of the entry.",
    "key_file": "File with the API key, mode 0600; relative to the folder of config.toml.",
    "runners": "Runner ids, if the service does not list runners.",
    "ca_file": "PEM file with the authorities to trust, instead of those of the system.",
    "color": "Colour of the profile's badge, such as red or #d70000.",
    "read_only": "Forbid triggers and stops.",
    "confirm_name": "Demand the runner's name before a stop.",
    "group": "Names of profiles that are watched together in one list; nothing else but a colour.",
    "allow_http": "Allow plain http to other hosts; exposes the API key.",
    "commands": "false: forbid commands of your own.",
    "archive": "Keep finished logs on disk, up to a size and an age: 2 GiB, 90d.",
}
RULE_HELP: Mapping[str, str] = {
    "name": "Name of the rule in notifications.",
    "runner": "Name of a runner, with * and ? as wildcards.",
    "status": "Statuses to tell, such as failed.",
    "longer_than": "Tell runs that take longer, such as 2h.",
    "not_for": "Tell runners that have not run for longer, such as 26h.",
    "overdue": "true: tell runners that run regularly and did not when due.",
    "new": "true: tell no failures whose cause is acknowledged in the dashboard.",
    "tell": "How: toast, bell, desktop.",
    "command": "Program and arguments that get the run as JSON on standard input.",
}
PATTERN_HELP: Mapping[str, str] = {
    "regex": "Regular expression; in lower case it also matches upper case, as in searches.",
    "name": "Name of the pattern in notifications.",
    "look": f"How matching lines are shown: any of {', '.join(LOOK_WORDS)}.",
    "runner": "Name of a runner, with * and ? as wildcards.",
    "tell": "How: toast, bell, desktop; once in each run.",
    "command": "Program and arguments that get run and line as JSON on standard input.",
    "watch": "true: tell lines of runs that are not on the screen, too.",
    "per_minute": "Notifications within 60 s; further runs are told together afterwards.",
}

COMMAND_HELP: Mapping[str, str] = {
    "title": "Name in menu, palette and help; its id for [keys] is made of it.",
    "command": "Program and arguments, without a shell; {runner} {run} {file} {selection} are"
    " replaced where they are a whole word.",
    "on": "What it acts on: runner, run, log or selection.",
    "key": "Key of the dashboard; without one it is in the menu (!) and the palette.",
    "give": "What it gets on standard input: run (as JSON), log, filtered, selection or nothing.",
    "take": "What becomes of its output: screen, pane, toast or nothing.",
    "confirm": "Ask first.",
    "timeout": "Time after which it is ended, such as 30s or 5m; not with take = screen.",
    "footer": "Label in the footer, instead of the title.",
}


def config_schema() -> dict[str, Any]:
    """The schema (draft 2020-12), which editors apply to TOML, too, as taplo does."""
    fields = [(field.name, field.type) for field in msgspec.structs.fields(TopSection)]
    types = dict(fields) | {
        "rules": tuple[RuleSection, ...],
        "patterns": tuple[PatternSection, ...],
        "commands": tuple[CommandSection, ...],
        "profiles": dict[str, ProfileSection],
    }
    root = msgspec.defstruct("Config", list(types.items()))
    _, sections = msgspec.json.schema_components([root], ref_template="#/$defs/{name}")
    for name, texts in (
        ("Config", TOP_HELP),
        ("ProfileSection", PROFILE_HELP),
        ("RuleSection", RULE_HELP),
        ("PatternSection", PATTERN_HELP),
        ("CommandSection", COMMAND_HELP),
    ):
        section = sections[name]
        section.pop("required", None)
        section["additionalProperties"] = False
        for key, property_schema in section["properties"].items():
            property_schema["description"] = texts[key]
    top = sections.pop("Config") | {"title": "config.toml of nodion-tui"}
    return {"$schema": DIALECT, **top, "$defs": sections}
