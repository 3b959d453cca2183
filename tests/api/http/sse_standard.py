"""Reference implementation of the standard's steps: slow, plain, independent of the decoder."""

from tests.api.http.sse_cases import Event


def interpret(body: bytes) -> tuple[list[Event], int | None]:
    """The events of a whole body, and the reconnection time."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]
    events: list[Event] = []
    data, kind, last_id = "", "", ""
    retry: int | None = None
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "" if not line:
                if data:
                    events.append((kind or "message", data[:-1], last_id))
                data, kind = "", ""
            case "event":
                kind = value
            case "data":
                data += value + "\n"
            case "id" if "\0" not in value:
                last_id = value
            case "retry" if value.isascii() and value.isdigit():
                retry = int(value)
    return events, retry
