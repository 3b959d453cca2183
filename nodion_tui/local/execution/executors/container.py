"""Runs as containers of Podman or Docker: pull, create, start, stop, remove in every case."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from nodion_tui.local.execution.executors import create_flags as flags
from nodion_tui.local.execution.executors import image_pull as image
from nodion_tui.local.execution.executors.container_job import ContainerJob
from nodion_tui.local.execution.executors.create_flags import ContainerEngine, ContainerNames
from nodion_tui.local.execution.executors.engine_cli import (
    CommandResult,
    EngineCli,
    remove_containers,
)
from nodion_tui.local.execution.job import JobSpec, StartFailed
from nodion_tui.local.execution.run_output import RunOutput

if TYPE_CHECKING:
    from nodion_tui.local.runners.container_spec import ContainerSpec
    from nodion_tui.local.runners.local_toml import LocalConfig
    from nodion_tui.local.storage.run_folders import RunFolders


class ContainerExecutor:
    """Runs images with the semantics of the API reference.

    Args:
        kind: whose command line is spoken.
        folders: makes private ones, for what the program reads and nobody else may.
        number: the data folder's own; labels every container.
        content: registries and container settings, as they stand now.
    """

    def __init__(
        self,
        kind: ContainerEngine,
        folders: "RunFolders",
        number: int,
        content: "Callable[[], LocalConfig]",
    ) -> None:
        self._kind = kind
        self._folders = folders
        self._number = str(number)
        self._content = content

    async def recover(self) -> None:
        """Remove the containers that an engine that died left behind."""
        await asyncio.to_thread(self._folders.remove_all)
        tool = self._tool()
        found = await tool.run(*flags.list_arguments(self._number))
        if found.exit_code != 0:
            raise StartFailed(f"{self._kind} does not answer: {found.text}")
        if names := found.text.split():
            await remove_containers(tool, self._kind, names)

    async def prepare(self, spec: JobSpec, log: RunOutput) -> None:
        """Pull its image; what login and pull say stays internal.

        Raises:
            StartFailed: there is no image to run.
        """
        if not spec.runner.image_name:
            raise StartFailed("The runner names no image")
        tool, name = self._tool(), flags.full_image_name(spec.runner.image, self._kind)
        if self._settings.pull == "missing" and await image.image_exists(tool, name):
            log.write_notice(f"Using {spec.runner.image}, which is here already")
            return
        log.write_notice(f"Pulling {spec.runner.image}")
        full = flags.full_image_name(
            spec.runner.image, "podman"
        )  # Docker leaves out its own registry
        registry = next((row for row in self._content().registries if row.serves(full)), None)
        with self._folders.temporary(spec.run_id) as folder:
            await image.pull_image(tool, name, registry, self._settings, folder, log)

    async def start(self, spec: JobSpec, log: RunOutput) -> ContainerJob:
        """Create the container and start it, its output going into the log; may be cancelled.

        Raises:
            StartFailed: it could not be created.
        """
        if named := flags.unsafe_to_inherit(spec.env):
            raise StartFailed(f"{named[0]} cannot hold several lines in a container")
        tool = self._tool()
        names = ContainerNames(f"nodion-tui-{spec.run_id}", self._number, spec.run_id)
        log.write_notice("========> Executing command")
        try:
            created = await self._create(tool, names, spec)
        except BaseException:
            await remove_containers(tool, self._kind, [names.container])
            raise
        if created.exit_code != 0:
            await remove_containers(tool, self._kind, [names.container])
            log.write_internal(created.output)
            raise _not_created(spec, created.text)
        return ContainerJob(tool, self._kind, names.container, log)

    async def _create(self, tool: EngineCli, names: ContainerNames, spec: JobSpec) -> CommandResult:
        with self._folders.temporary(spec.run_id) as folder:
            env_file = folder / "env"
            env_file.write_text(flags.env_file_text(spec.env), encoding="utf-8")
            arguments = flags.create_arguments(spec, names, self._settings, self._kind, env_file)
            env = flags.inherited_env(spec.env)
            created = await tool.run("create", *arguments, env=env, timeout_seconds=None)
        if created.exit_code != 0 or self._kind == "docker":
            return created
        # Whether its program can be executed shows here, and not between the job's lines.
        return await tool.run("init", names.container, timeout_seconds=None)

    @property
    def _settings(self) -> "ContainerSpec":
        return self._content().container

    def _tool(self) -> EngineCli:
        settings = self._settings
        return EngineCli(settings.program or self._kind, settings.engine_args)


def _not_created(spec: JobSpec, said: str) -> StartFailed:
    """Why, in our words: the program's name paths of this machine."""
    program = repr((*spec.entrypoint, *spec.argv, "the image's command")[0])
    if "executable file not found" in said or "no such file or directory" in said:
        return StartFailed(f"exec: {program}: not found", 127)
    if "permission denied" in said:
        return StartFailed(f"exec: {program}: Permission denied", 126)
    return StartFailed("The container could not be created")
