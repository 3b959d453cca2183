"""Starter local.toml that `serve --init` writes."""

from pathlib import Path

from nodion_tui.model.errors import ConfigError

STARTER_FILE = """\
# Runners of the embedded engine. Start it with
#
#     nodion-tui serve --config local.toml
#
# The file is reloaded when it changes. Errors are reported with their line, and the previous
# runners stay in use until they are fixed.

[[runners]]
name = "Hello"                      # 3 to 50 characters; the id is derived from it
run_command = "echo hello; date"    # executed with `sh -c`; alternatively argv, not both

# [[runners]]
# name = "Database backup"
# id = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"   # default: derived from the name
# image_name = "mycompany/backup-tool"          # for --executor podman, docker, swarm
# image_tag = "latest"
# argv = ["python", "backup.py", "--full"]      # exec form, no shell
# entrypoint = "/usr/bin/env"                   # prepended to argv
# timeout_seconds = 3600                        # 1 to 86,400; a run that exceeds it fails
# workdir = "."                                 # of processes, relative to this file;
#                                               # default: a new empty folder per run
# [runners.env]                                 # overridden by a run's own variables
# BACKUP_TARGET = "s3://my-bucket/backups"
# VERBOSE = "false"
# [runners.instance_type]                       # limits of a container
# cpu = 1                                       # cores
# mem = 1024                                    # MiB
# price_second = 0.0000019                      # for the cost shown in the dashboard
# [runners.region]                              # only displayed
# name = "Frankfurt, DE"
# slug = "fra"

# [[registries]]                                # logins for private images
# host = "registry.example.com"
# username = "ci"
# password_file = "registry-password"           # contains only the password

# [container]
# program = "podman"                            # name or path of the container engine
# engine_args = []                              # before every command
# pull_args = []                                # for login and pull: ["--tls-verify=false"]
# run_args = []                                 # for new containers: ["--network", "none"]
# pull = "always"                               # or "missing": only if not available locally
"""


def write_starter_file(path: Path) -> None:
    """Write a commented starter local.toml.

    Raises:
        ConfigError: the file already exists or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(STARTER_FILE)
    except FileExistsError:
        raise ConfigError(f"{path}: already exists, not overwritten") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
