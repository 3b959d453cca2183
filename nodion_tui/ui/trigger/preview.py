"""Preview of the request: the JSON body or the equivalent curl command."""

import shlex
from collections.abc import Sequence
from urllib.parse import quote

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from nodion_tui.config import Profile
from nodion_tui.model.text.format import count
from nodion_tui.model.text.masking import MASK
from nodion_tui.model.text.sanitize import sanitize, sanitize_json
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.model.variation import PlannedRequest
from nodion_tui.ui.dialogs.controls import CompactButton, RadioRow
from nodion_tui.ui.dialogs.field import update_text
from nodion_tui.ui.trigger.many.series_text import numbered_rows

_KINDS = (("json", "JSON"), ("curl", "curl"))


class RequestPreview(VerticalScroll, can_focus=False):
    """Shows the current request with hidden values masked."""

    DEFAULT_CSS = """
    RequestPreview {
        RadioRow { margin: 0 0 1 0; }
        .preview--text { height: auto; margin: 0 0 1 0; }
        .preview--runs { height: auto; margin: 0 0 1 0; }
    }
    """

    def __init__(self, runner_id: str, profile: Profile) -> None:
        super().__init__(id="trigger-preview")
        self._runner_id = runner_id
        self._profile = profile
        self._request: TriggerRequest | None = TriggerRequest()
        self._hidden: frozenset[str] = frozenset()
        self._kind = RadioRow(_KINDS, "json")
        self._runs = Static(classes="preview--runs")

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        yield self._kind
        yield Static(classes="preview--text")
        yield CompactButton("copy as curl", classes="preview--copy")

    def aim(self, runner_id: str, profile: Profile) -> None:
        """Show requests for another runner from now on."""
        self._runner_id, self._profile = runner_id, profile

    def show(
        self,
        request: TriggerRequest | None,
        hidden: frozenset[str],
        planned: Sequence[PlannedRequest] = (),
    ) -> None:
        """Show a request, or every combination of many and the request of the first.

        Args:
            request: the request; None if the input is invalid.
            hidden: names of the variables whose values are masked.
            planned: the requests of many runs; empty: one run.
        """
        self._request = planned[0].request if planned else request
        self._hidden = hidden
        self._refresh_text()
        self._show_runs(planned)

    def _show_runs(self, planned: Sequence[PlannedRequest]) -> None:
        lines: list[Content] = []
        if planned:
            is_varied = any(each.values for each in planned)
            labels = [each.label(self._hidden) for each in planned if is_varied]
            rows = numbered_rows(labels)
            lines = [Content.styled(count(len(planned), "run"), "bold"), *rows]
            lines += [Content(), Content.styled("The request of run 1:", "$text-muted")]
        update_text(self._runs, Content("\n").join(lines))
        if planned and not self._runs.is_attached:
            self.mount(self._runs, before=0)
        self._runs.display = bool(planned)

    def curl(self) -> str:
        """The request as a curl command; empty if there is none."""
        if self._request is None:
            return ""
        return curl_command(self._request, self._runner_id, self._profile, self._hidden)

    @property
    def text_region(self) -> Region:
        """Screen region of the first line of the request."""
        region = self.query_one(".preview--text").region
        return Region(region.x, region.y, region.width, min(1, region.height))

    def scroll_to_top(self) -> None:
        """Scroll the first row into view, and to the top where there is room below."""
        self.children[0].scroll_visible(top=True)

    def toggle_kind(self) -> None:
        """Switch between JSON and curl."""
        self._kind.action_step(1)

    @on(RadioRow.Chosen)
    def _chosen(self, event: RadioRow.Chosen) -> None:
        event.stop()
        self._refresh_text()

    def _refresh_text(self) -> None:
        text = "not valid yet" if self._request is None else self._text(self._request)
        lines = [Content(sanitize(line)) for line in text.split("\n")]
        update_text(self.query_one(".preview--text", Static), Content("\n").join(lines))

    def _text(self, request: TriggerRequest) -> str:
        if self._kind.value == "curl":
            return self.curl()
        return pretty_json(mask_request(request, self._hidden))


def mask_request(request: TriggerRequest, hidden: frozenset[str]) -> TriggerRequest:
    """The request with hidden values replaced by a mask."""
    variables = tuple(
        EnvVariable(variable.env_key, MASK) if variable.env_key in hidden else variable
        for variable in request.env_variables
    )
    return msgspec.structs.replace(request, env_variables=variables)


def pretty_json(request: TriggerRequest) -> str:
    """The JSON body, indented."""
    return msgspec.json.format(msgspec.json.encode(request), indent=2).decode()


def curl_command(
    request: TriggerRequest, runner_id: str, profile: Profile, hidden: frozenset[str]
) -> str:
    """A POSIX shell command that sends the request.

    Key and hidden values are replaced by `$NODION_API_KEY` and the variables' own names, to be set
    in the shell that runs it.
    """
    url = f"{profile.api_url}/runners/{quote(runner_id, safe='')}/runs"
    lines = [
        f"curl --fail-with-body -X POST {shlex.quote(url)}",
        '-H "Authorization: Bearer $NODION_API_KEY"',
        "-H 'Content-Type: application/json'",
    ]
    if profile.project:
        lines.append(f"-H {shlex.quote(f'X-Nodion-Project: {profile.project}')}")
    lines.append(f"--data-raw {_shell_body(request, hidden)}")
    return " \\\n  ".join(lines)


def _shell_body(request: TriggerRequest, hidden: frozenset[str]) -> str:
    """The shell-quoted body, with `$NAME` in place of each hidden value."""
    body = sanitize_json(msgspec.json.encode(mask_request(request, hidden)).decode())
    parts = body.split(MASK)
    names = [row.env_key for row in request.env_variables if row.env_key in hidden]
    if len(parts) != len(names) + 1:  # the input itself contains the mask
        return shlex.quote(body)
    quoted = [shlex.quote(parts[0])]
    for name, part in zip(names, parts[1:], strict=True):
        quoted += [f'"${name}"', shlex.quote(part)]
    return "".join(quoted)
