"""Event stream cases of the standard (WHATWG HTML, 9.2.6).

The cases named `wpt` restate those of the web-platform-tests' `eventsource` suite.
"""

from dataclasses import dataclass

Event = tuple[str, str, str]
"""Type, data, last event id."""


@dataclass(frozen=True)
class Case:
    """A body and its events."""

    name: str
    body: bytes
    events: tuple[Event, ...]
    retry: int | None = None
    media: str = "text/event-stream"


def case(
    name: str,
    body: str | bytes,
    *data: str | Event,
    retry: int | None = None,
    media: str = "text/event-stream",
) -> Case:
    """A case; events without name and id are given by their data only."""
    raw = body if isinstance(body, bytes) else body.encode()
    events = tuple(("message", item, "") if isinstance(item, str) else item for item in data)
    return Case(name, raw, events, retry, media)


FRAMING = (
    case("simple", "data: a\n\n", "a"),
    case("two events", "data: a\n\ndata: b\n\n", "a", "b"),
    case("named", "event: log\ndata: a\n\n", ("log", "a", "")),
    case("name resets", "event: log\ndata: a\n\ndata: b\n\n", ("log", "a", ""), "b"),
    case("event after data", "data: a\nevent: log\n\n", ("log", "a", "")),
    case("last event wins", "event: x\nevent: log\ndata: a\n\n", ("log", "a", "")),
    case("empty event", "event: x\nevent:\ndata: a\n\n", "a"),
    case("empty body", ""),
    case("only newlines", "\n\r\n\r\n\n\r\r\n"),
)
ENDS = (
    case("CRLF", "event: log\r\ndata: a\r\n\r\ndata: b\r\n\r\n", ("log", "a", ""), "b"),
    case("CR", "event: log\rdata: a\r\rdata: b\r\r", ("log", "a", ""), "b"),
    case("mixed", "data: a\r\ndata: b\rdata: c\n\r\n", "a\nb\nc"),
    case("LF then CRLF", "data: a\n\r\ndata: b\n\r\n", "a", "b"),
    case("wpt newlines", "data:test\r\ndata\ndata:test\r\n\r\n", "test\n\ntest"),
)
NOT_ENDS = (
    *(
        case(f"U+{ord(mark):04X}", f"data: a{mark}data: b\n\n", f"a{mark}data: b")
        for mark in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
    ),
    case("NEL inside a field name", "da\x85ta: a\ndata: b\n\n", "b"),
)
DATA = (
    case("multi", "data: a\ndata: b\ndata: c\n\n", "a\nb\nc"),
    case("empty", "data:\n\n", ""),
    case("wpt field-data", "data:\n\ndata\ndata\n\ndata:test\n\n", "", "\n", "test"),
    case("wpt event-data", "data:msg\ndata: msg\n\n:\ndata:end\n\n", "msg\nmsg", "end"),
    case("wpt leading space", "data:\ttest\rdata: \ndata:test\n\n", "\ttest\n\ntest"),
    case(
        "wpt field-parsing",
        "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\r"
        "data:\r\n data:32\ndata:4\n\n",
        "\0\n 2\n1\n3\n\n4",
    ),
    case(
        "wpt field-unknown",
        "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
        "test\n\ntest",
    ),
    case("event without data", "event: log\n\ndata: a\n\n", "a"),
    case("colons", "data: a: b:c\n\n", "a: b:c"),
    case("one space stripped", "data:  a \n\n", " a "),
    case("no space", "data:a\n\n", "a"),
    case("NBSP kept", "data:\xa0a\n\n", "\xa0a"),
    case("NUL", "data: a\0b\n\n", "a\0b"),
    case("empty field name", ": x\n:data: y\ndata: a\n\n", "a"),
)
COMMENTS = (
    case("ping LF", ": ping\n\ndata: a\n\n", "a"),
    case("ping CRLF", ": ping\r\n\r\ndata: a\r\n\r\n", "a"),
    case("ping with one newline", ": ping\ndata: a\n\n", "a"),
    case("inside a block", "event: log\n: ping\ndata: a\n\n", ("log", "a", "")),
    case("splitting a block", "event: log\n: ping\n\ndata: a\n\n", "a"),
    case(
        "after id",
        "id: 9\ndata: a\n\n: ping\n\n: ping\n\ndata: b\n\n",
        ("message", "a", "9"),
        ("message", "b", "9"),
    ),
    case(
        "wpt comments",
        "data:1\r:\0\n:\r\ndata:2\n:"
        + "long " * 2000
        + "\rdata:3\n:data:fail\r:"
        + "long " * 2000
        + "\ndata:4\n\n",
        "1\n2\n3\n4",
    ),
)
IDS = (
    case("persists", "id: 1\ndata: a\n\ndata: b\n\n", ("message", "a", "1"), ("message", "b", "1")),
    case(
        "changes",
        "id: 1\ndata: a\n\nid: 2\ndata: b\n\n",
        ("message", "a", "1"),
        ("message", "b", "2"),
    ),
    case("resets", "id: 1\ndata: a\n\nid\ndata: b\n\n", ("message", "a", "1"), "b"),
    case(
        "NUL ignored",
        "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n",
        ("message", "a", "1"),
        ("message", "b", "1"),
    ),
    case("id-only block", "id: 5\n\ndata: a\n\nid:\n\ndata: b\n\n", ("message", "a", "5"), "b"),
)
MALFORMED = ("+5", "-5", " 5", "5 ", "5_000", "٣", "5.0", "5s", "0x5", "5 5")
RETRY = (
    case("value", "retry: 3000\ndata: a\n\n", "a", retry=3000),
    case("alone", "retry: 3000\n\ndata: a\n\n", "a", retry=3000),
    case("bogus", "retry: 1000\n\nretry: bogus\ndata: a\n\n", "a", retry=1000),
    case("empty", "retry:\ndata: a\n\nretry\ndata: b\n\n", "a", "b"),
    case("zero", "retry: 0\ndata: a\n\n", "a", retry=0),
    *(case(f"malformed {form!r}", f"retry: {form}\ndata: a\n\n", "a") for form in MALFORMED),
)
TEXT = (
    case("BOM", "\ufeffdata: a\n\ndata: b\n\n", "a", "b"),
    case("mid-stream BOM", "data: a\n\n\ufeffdata: b\n\ndata: c\n\n", "a", "c"),
    case("double BOM", "\ufeff\ufeffdata: a\n\ndata: b\n\n", "b"),
    case("multibyte", "data: äöü 日本語 🚀\n\n", "äöü 日本語 🚀"),
    case("invalid", b"data: a\xff\xfeb\n\n", "a��b"),
    case("truncated", b"data: a\xf0\x9f\x9a\ndata: b\n\n", "a�\nb"),
    case("lone surrogate", b"data: \xed\xa0\x80\n\n", "���"),
    case("charset ignored", "data: ä\n\n", "ä", media="text/event-stream; charset=windows-1252"),
    case("charset utf-16 ignored", "data: ä\n\n", "ä", media="text/event-stream;charset=utf-16"),
)
TYPES = (
    case("upper case", "data: a\n\n", "a", media="TEXT/Event-Stream"),
    case("trailing semicolon", "data: a\n\n", "a", media="text/event-stream;"),
    case("parameter", "data: a\n\n", "a", media="text/event-stream ; x=y"),
)
ENDINGS = (
    case("final block without its blank line", "data: a\n\ndata: b\n", "a"),
    case("final line without its end", "data: a\n\ndata: b", "a"),
    case("final line without its value", "data: a\n\ndata", "a"),
    case("final CRLF block", "data: a\r\n\r\ndata: b\r\n", "a"),
    case("final CR completes", "data: a\n\r", "a"),
)
SIZES = (
    case("256 KB line", "data: " + "x" * 262_144 + "\n\n", "x" * 262_144),
    case("2,000 data lines", "data: x\n" * 2000 + "\n", "\n".join(["x"] * 2000)),
)

CASES = (
    *FRAMING,
    *ENDS,
    *NOT_ENDS,
    *DATA,
    *COMMENTS,
    *IDS,
    *RETRY,
    *TEXT,
    *TYPES,
    *ENDINGS,
    *SIZES,
)
WRONG_TYPES = (
    "text/event-stream-foo",
    "text/event-stream+json",
    "xtext/event-stream",
    "text/plain",
    "application/json",
    "text/html; x=text/event-stream",
    "event-stream",
    "",
)
