"""Python's garbage collection, put off while what stays for good is built."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# A turn makes some thousand objects, hardly any in circles: the collector comes every few turns, not a few times in
# each (Python's own 700), and searches what is a little older every two hundred.
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
