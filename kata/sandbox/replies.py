"""What a process says came of a call, checked part by part: it may be forged."""

from typing import Any

from kata.checks import Call, Raised, WireError

_WARNINGS = ("divide by zero", "overflow", "underflow", "invalid value")
_LONG = 10_000  # characters of one text


def repeats(message: dict[str, Any], token: str | None) -> bool:
    """Whether a message repeats the token of a request. What stands there may be anything, also an array."""
    return type(found := message.get("token")) is str and found == token


def fill(call: Call, reply: Any) -> None:
    """Put what a reply says into its Call.

    Raises:
        WireError: it is no reply to this call; the Call stays as it was.
    """
    try:
        fault, value, raised, changed, warnings = reply
        known = [*range(len(call.args)), *call.kwargs]
        if not all(type(key) in (int, str) and key in known for key in changed):
            raise WireError("arguments that there are not")
        if not all(type(word) is str and word in _WARNINGS for word in warnings):
            raise WireError("warnings that NumPy does not know")
        fault = optional_text(fault)
        if raised is not None:
            kind, kinds, message, where = raised
            raised = Raised(line(text(kind)), tuple(map(text, kinds)), text(message), line(text(where)))
    except (TypeError, ValueError):
        raise WireError("it sent what is no reply") from None
    call.value, call.raised, call.changed, call.warnings = value, raised, tuple(changed), tuple(warnings)
    call.fault = fault


def text(value: Any) -> str:
    """Return a text, cut where it is long.

    Raises:
        WireError: it is none.
    """
    if type(value) is not str:
        raise WireError("no text")
    return value[:_LONG]


def optional_text(value: Any) -> str | None:
    """As `text`, and None for None."""
    return None if value is None else text(value)


def line(text: str) -> str:
    """A text as one line."""
    return " ".join(text.split())[:500]
