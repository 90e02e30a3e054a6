"""Python's garbage collection, put off while what stays for good is built."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Hardly anything of a turn stands in circles. At Python's own 700, the collector took a fortieth of a turn's
# processor time (two servers in turn, 700 and 50 000).
YOUNG, YOUNGS, OLDER = 10_000, 20, 20


@contextmanager
def nothing_collected() -> Iterator[None]:
    """What is built inside stays: it is not searched for garbage while it grows, nor ever again.

    A start makes some million objects (modules, phrases, places, answers); the collector would walk through all of
    them again and again, a third of the time of a start, and later now and then in the middle of a turn.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(YOUNG, YOUNGS, OLDER)
        gc.enable()
