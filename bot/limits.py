"""How much one sender may ask at once. In memory: a restart forgives everybody."""

from collections import OrderedDict
from dataclasses import dataclass

# A frightened person types fast; a script types faster. So many at once, then one every so many seconds.
BURST = 20
SECONDS_EACH = 1.5
# Who goes on writing all the same is told again after so long, not between any two messages that are answered.
SECONDS_BETWEEN_REFUSALS = 30.0
# Senders remembered: the oldest are forgotten first.
REMEMBERED = 10_000


@dataclass
class _Bucket:
    left: float
    at: float
    told_at: float | None = None


class Limits:
    """A bucket a sender. ``seconds`` is any clock that only goes forward."""

    def __init__(self, burst: int = BURST, seconds_each: float = SECONDS_EACH) -> None:
        self._burst = burst
        self._seconds_each = seconds_each
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def allows(self, sender: str, seconds: float) -> bool:
        """Take one from the sender's bucket; False when it is empty."""
        bucket = self._buckets.pop(sender, None) or _Bucket(float(self._burst), seconds)
        bucket.left = min(float(self._burst), bucket.left + (seconds - bucket.at) / self._seconds_each)
        bucket.at = seconds
        self._buckets[sender] = bucket
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def to_be_told(self, sender: str, seconds: float) -> bool:
        """Whether a sender who asks too much has not been told so lately; from now on they have."""
        bucket = self._buckets.get(sender)
        if bucket is None or (bucket.told_at is not None and seconds - bucket.told_at < SECONDS_BETWEEN_REFUSALS):
            return False
        bucket.told_at = seconds
        return True
