"""How much one sender may ask at once. In memory: a restart forgives everybody."""

from collections import OrderedDict
from dataclasses import dataclass

# A frightened person types fast; a script types faster. So many at once, then one every so many seconds.
BURST = 20
SECONDS_EACH = 1.5
# Senders remembered: the oldest are forgotten first.
REMEMBERED = 10_000


@dataclass
class _Bucket:
    left: float
    at: float
    told: bool = False


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
        bucket.told = False
        return True

    def first_refusal(self, sender: str) -> bool:
        """Whether this burst has not been told yet; from now on it has."""
        bucket = self._buckets.get(sender)
        if bucket is None or bucket.told:
            return False
        bucket.told = True
        return True
