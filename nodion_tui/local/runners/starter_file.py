"""The file that `serve --init` writes."""

from pathlib import Path

from nodion_tui.model.errors import ConfigError

STARTER_FILE = """\
# Runners of the embedded engine. Start it with
#
#     nodion-tui serve --config local.toml
#
# The file is read again whenever it changes. A mistake is told with its line, and the
# runners stay as they were until it is mended.

[[runners]]
name = "Hello"                      # 3 to 50 characters; its id is made from it
run_command = "echo hello; date"    # run as `sh -c`; or argv, but not both

# [[runners]]
# name = "Database backup"
# id = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"   # where the id matters to you
# image_name = "mycompany/backup-tool"          # pulled by --executor podman or docker
# image_tag = "latest"
# argv = ["python", "backup.py", "--full"]      # exec form, no shell
# entrypoint = "/usr/bin/env"                   # comes in front of argv
# timeout_seconds = 3600                        # 1 to 86,400; then the run has failed
# workdir = "."                                 # where processes start, counted from this file;
#                                               # without it in an empty folder of the run's own
# [runners.env]                                 # a run's own variables override these
# BACKUP_TARGET = "s3://my-bucket/backups"
# VERBOSE = "false"
# [runners.instance_type]                       # limits of a container
# cpu = 1                                       # cores
# mem = 1024                                    # MiB
# price_second = 0.0000019                      # what the dashboard counts the cost of runs with
# [runners.region]                              # shown and nothing else
# name = "Frankfurt, DE"
# slug = "fra"

# [[registries]]                                # logins for private images
# host = "registry.example.com"
# username = "ci"
# password_file = "registry-password"           # holds the password and nothing else

# [container]
# program = "podman"                            # name or path of the container engine
# engine_args = []                              # in front of every command of it
# pull_args = []                                # for login and pull: ["--tls-verify=false"]
# run_args = []                                 # for new containers: ["--network", "none"]
# pull = "always"                               # or "missing": only what is not here yet
"""


def write_starter_file(path: Path) -> None:
    """Write a commented local.toml to start from.

    Raises:
        ConfigError: there is a file already, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(STARTER_FILE)
    except FileExistsError:
        raise ConfigError(f"{path}: is there already; nothing was written") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
