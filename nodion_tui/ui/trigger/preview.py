"""What exactly will be sent: the JSON body, or the same as a curl command."""

import shlex
from urllib.parse import quote

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.widget import Widget

from nodion_tui.config import Profile
from nodion_tui.model.masking import MASK
from nodion_tui.model.sanitize import sanitize, sanitize_json
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.ui.dialogs.ascii_signs import DialogText
from nodion_tui.ui.dialogs.controls import CompactButton, RadioRow

KINDS = (("json", "JSON"), ("curl", "curl"))


class RequestPreview(Widget):
    """The request as it stands, hidden values masked."""

    DEFAULT_CSS = """
    RequestPreview {
        height: auto;
        .preview--head { height: 1; color: $text-muted; }
        RadioRow { margin: 0 0 1 0; }
        .preview--text { height: auto; margin: 0 0 1 0; }
    }
    """

    kind: reactive[str] = reactive("json")

    def __init__(self, runner_id: str, profile: Profile) -> None:
        super().__init__()
        self._runner_id = runner_id
        self._profile = profile
        self._request: TriggerRequest | None = TriggerRequest()
        self._hidden: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        yield DialogText(Content("As it will be sent"), classes="preview--head")
        yield RadioRow(KINDS, self.kind)
        yield DialogText(classes="preview--text")
        yield CompactButton("copy as curl", classes="preview--copy")

    def show(self, request: TriggerRequest | None, hidden: frozenset[str]) -> None:
        """Show a request; None where what is typed means none.

        Args:
            request: what would be sent.
            hidden: names of the variables whose values are masked.
        """
        self._request = request
        self._hidden = hidden
        self._draw()

    def curl(self) -> str:
        """The request as a curl command; empty where there is none."""
        if self._request is None:
            return ""
        return curl_command(self._request, self._runner_id, self._profile, self._hidden)

    @property
    def text_region(self) -> Region:
        """Where the first line of the request stands on the screen."""
        region = self.query_one(".preview--text").region
        return Region(region.x, region.y, region.width, min(1, region.height))

    def toggle_kind(self) -> None:
        """Show the other kind."""
        self.kind = "curl" if self.kind == "json" else "json"

    def _watch_kind(self) -> None:
        if self.is_mounted:
            self.query_one(RadioRow).value = self.kind
            self._draw()

    @on(RadioRow.Chosen)
    def _chosen(self, event: RadioRow.Chosen) -> None:
        event.stop()
        self.kind = event.value

    def _draw(self) -> None:
        text = "nothing: see what is marked" if self._request is None else self._text(self._request)
        lines = [Content(sanitize(line)) for line in text.split("\n")]
        self.query_one(".preview--text", DialogText).update(Content("\n").join(lines))

    def _text(self, request: TriggerRequest) -> str:
        return (
            self.curl() if self.kind == "curl" else pretty_json(mask_request(request, self._hidden))
        )


def mask_request(request: TriggerRequest, hidden: frozenset[str]) -> TriggerRequest:
    """The request with a mask in the place of each hidden value."""
    variables = tuple(
        EnvVariable(each.env_key, MASK) if each.env_key in hidden else each
        for each in request.env_variables
    )
    return msgspec.structs.replace(request, env_variables=variables)


def pretty_json(request: TriggerRequest) -> str:
    """The body, indented for reading."""
    return msgspec.json.format(msgspec.json.encode(request), indent=2).decode()


def curl_command(
    request: TriggerRequest, runner_id: str, profile: Profile, hidden: frozenset[str]
) -> str:
    """A command for a POSIX shell that sends the request.

    The key and hidden values are not in it: `$NODION_API_KEY` and the variables' own names stand
    in their places, to be set in the shell that runs it.
    """
    address = f"{profile.api_url}/runners/{quote(runner_id, safe='')}/runs"
    lines = [
        f"curl --fail-with-body -X POST {shlex.quote(address)}",
        '-H "Authorization: Bearer $NODION_API_KEY"',
        "-H 'Content-Type: application/json'",
    ]
    if profile.project:
        lines.append(f"-H {shlex.quote(f'X-Nodion-Project: {profile.project}')}")
    lines.append(f"--data-raw {_shell_body(request, hidden)}")
    return " \\\n  ".join(lines)


def _shell_body(request: TriggerRequest, hidden: frozenset[str]) -> str:
    """The body quoted for a shell, with `$NAME` in the place of each hidden value."""
    body = sanitize_json(msgspec.json.encode(mask_request(request, hidden)).decode())
    parts = body.split(MASK)
    names = [each.env_key for each in request.env_variables if each.env_key in hidden]
    if len(parts) != len(names) + 1:  # the mask itself was typed somewhere
        return shlex.quote(body)
    quoted = [shlex.quote(parts[0])]
    for name, part in zip(names, parts[1:], strict=True):
        quoted += [f'"${name}"', shlex.quote(part)]
    return "".join(quoted)
