"""Run what hostile input may break in a process of its own, which may die, hang or eat memory without harm to ours."""

import contextlib
import ctypes
import faulthandler
import multiprocessing
import resource
import signal
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

PAGE = resource.getpagesize()


@dataclass(frozen=True)
class Limits:
    """What reading a file may take: ``seconds`` from one record to the next, ``megabytes`` of memory in all."""

    seconds: float = 120
    megabytes: int = 2000


LIMITS = Limits()


@dataclass(frozen=True)
class Stopped:
    """The end of an item whose process died or was killed; ``why`` says so in words."""

    why: str


def each(function, items, limits=LIMITS):
    """Yield (item, result) for each result that the generator *function*, called in another process, has for an item.

    Items come in their order. Where the process dies, or takes longer for a result than *limits* say, the item ends
    with a `Stopped`, and a new process goes on with the next one. Results travel pickled.
    """
    items = list(items)
    done = 0
    while done < len(items):
        with worker(function, items[done:], limits) as (process, receiver):
            for item in items[done:]:
                done += 1
                stopped = yield from results(item, process, receiver, limits)
                if stopped:
                    yield item, stopped
                    break


def results(item, process, receiver, limits):
    """Yield (item, result) until the item is done; return None, or how it was `Stopped`."""
    while receiver.poll(limits.seconds):
        try:
            end, result = receiver.recv()
        except EOFError:
            process.join()
            return Stopped(f"its reader broke off ({ending(process.exitcode)})")
        if end:
            return None
        yield item, result
    return Stopped(f"its reader took more than {limits.seconds:g} seconds for a record")


def ending(code):
    """Return how a process ended, in words.

    >>> ending(-9), ending(3)
    ('SIGKILL', 'exit status 3')
    """
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"


@contextlib.contextmanager
def worker(function, items, limits):
    """Start a process that calls *function* on *items*; it is gone, with its temporary files, when the block ends."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as scratch:
        process = multiprocessing.get_context("fork").Process(
            target=work, args=(function, items, sender, limits, scratch), daemon=True
        )
        with warnings.catch_warnings():  # of threads, which numpy has and the child does not need
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        sender.close()
        try:
            yield process, receiver
        finally:
            process.kill()
            process.join()
            receiver.close()


def work(function, items, sender, limits, scratch):
    """Send (False, result) for each result of each item and (True, None) after its last one; the process's main."""
    die_with_parent()
    faulthandler.disable()  # how a reader broke is told by who waits for it
    used = int(Path("/proc/self/statm").read_text().split()[0]) * PAGE if sys.platform == "linux" else 0
    with contextlib.suppress(ValueError, OSError):  # not every system can
        resource.setrlimit(resource.RLIMIT_AS, (used + limits.megabytes * 1_000_000,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tempfile.tempdir = scratch
    for item in items:
        for result in function(item):
            sender.send((False, result))
        sender.send((True, None))


def die_with_parent():
    """Have the kernel kill this process when its parent is gone, so that a hanging reader is not left behind."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
