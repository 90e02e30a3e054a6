"""What a request carries, read without trusting it: never more than it may be, never half a character."""

import json
from contextlib import suppress
from urllib.parse import parse_qsl

import orjson
from fastapi import Request

MOST_FIELDS = 20


class BodyTooLongError(ValueError):
    """The body is longer than it may be."""


class BodyUnreadableError(ValueError):
    """The body is not what it says it is."""


async def read_body(request: Request, most: int) -> bytes:
    """The body, at most ``most`` bytes: the rest of a longer one is not even received. Raises BodyTooLongError."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise BodyTooLongError(f"The body is over {most} bytes.")
        parts.append(part)
    return b"".join(parts)


def read_json(body: bytes) -> object:
    """The JSON value of ``body``, which UTF-8 can hold. Raises BodyUnreadableError."""
    with suppress(ValueError):
        return orjson.loads(body)  # nearly always; what it refuses (half a character too) is looked at below
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as cause:  # ten thousand brackets are no message either
        raise BodyUnreadableError("The body is not JSON.") from cause
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as cause:
        raise BodyUnreadableError("The body holds half a character (a lone surrogate).") from cause
    return value


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form sent as a browser sends ours. Raises BodyUnreadableError."""
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as cause:
        raise BodyUnreadableError(f"The form has over {MOST_FIELDS} fields.") from cause
