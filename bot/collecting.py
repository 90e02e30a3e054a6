"""Python's garbage collection, put off while what stays for good is built."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
        gc.enable()
