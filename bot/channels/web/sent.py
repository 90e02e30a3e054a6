"""What the page's scripts send, and the forms: read with a critical eye."""

import re

from bot.channels.web.body import BodyTooLongError, BodyUnreadableError, read_json
from bot.inbound import Content, Position, Press, Words

LONGEST_MESSAGE = 4_000
LONGEST_PAYLOAD = 200
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def is_client_id(text: str) -> bool:
    """Whether a script may name a message so."""
    return _CLIENT_ID.fullmatch(text) is not None


def without_controls(text: str) -> str:
    """The text with spaces for what no keyboard writes."""
    return _CONTROL.sub(" ", text)


def read_sent(body: bytes) -> tuple[str, Content]:
    """(the script's own id for it, what the person sent). Raises BodyTooLongError, BodyUnreadableError."""
    data = read_json(body)
    if not isinstance(data, dict) or not is_client_id(str(data.get("id", ""))):
        raise BodyUnreadableError("A message has an « id » of 8 to 64 letters, digits and hyphens.")
    message, payload, position = data.get("message"), data.get("payload"), data.get("position")
    if isinstance(message, str):
        if len(message) > LONGEST_MESSAGE:
            raise BodyTooLongError(f"A message has {LONGEST_MESSAGE} characters at most.")
        return str(data["id"]), Words(without_controls(message))
    if isinstance(payload, str) and len(payload) <= LONGEST_PAYLOAD:
        return str(data["id"]), Press(payload)
    if isinstance(position, dict):
        latitude, longitude = position.get("latitude"), position.get("longitude")
        if (isinstance(latitude, int | float) and isinstance(longitude, int | float)
                and -90 <= latitude <= 90 and -180 <= longitude <= 180):
            return str(data["id"]), Position(float(latitude), float(longitude))
    raise BodyUnreadableError("A message has words, a button's payload or a position.")
