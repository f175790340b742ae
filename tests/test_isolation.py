"""What runs apart may die, hang or eat memory: its item ends, and the others go on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from entente import isolation
from entente.isolation import Limits, Stopped


def letters(item):
    """Yield the letters of *item*, and at a sign do what it stands for."""
    for letter in item:
        if letter == "!":
            os.kill(os.getpid(), signal.SIGUSR1)
        if letter == "?":
            os._exit(3)
        while letter == "~":
            time.sleep(0.01)
        if letter == "*":
            bytearray(3_000_000_000)
        yield letter.upper()


def test_results_come_in_order_of_the_items():
    found = list(isolation.each(letters, ["ab", "", "c"]))

    assert found == [("ab", "A"), ("ab", "B"), ("c", "C")]


@pytest.mark.parametrize(
    ("sign", "why"), [("!", "SIGUSR1"), ("?", "exit status 3"), ("~", "more than 0.5 seconds")]
)
def test_an_item_that_breaks_its_process_ends_after_what_it_gave(sign, why):
    found = list(isolation.each(letters, ["ab", f"a{sign}b", "c", f"{sign}", "d"], Limits(seconds=0.5)))

    kept = [(item, result) for item, result in found if not isinstance(result, Stopped)]
    assert kept == [("ab", "A"), ("ab", "B"), (f"a{sign}b", "A"), ("c", "C"), ("d", "D")]
    stopped = [(item, result.why) for item, result in found if isinstance(result, Stopped)]
    assert [item for item, _ in stopped] == [f"a{sign}b", sign]
    assert all(why in told for _, told in stopped)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")
def test_memory_is_limited():
    [(_, stopped)] = isolation.each(letters, ["*"], Limits(megabytes=1000))

    assert "broke off" in stopped.why


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    """Neither a process nor a temporary file, even if the results are not all taken or the reader is killed."""

    def littering(item):
        folder = isolation.tempfile.mkdtemp()
        Path(folder, "litter").touch()
        yield os.getpid()
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(isolation.tempfile, "tempdir", str(tmp_path))
    pids = [result for _, result in isolation.each(littering, "ab") if isinstance(result, int)]
    untaken = isolation.each(littering, "ab")
    pids.append(next(untaken)[1])
    untaken.close()

    assert len(pids) == 3
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="the signal is Linux's")
def test_a_reader_that_hangs_dies_with_the_run_that_is_killed():
    program = """
import os, time
from entente import isolation

def hanging(item):
    yield os.getpid()
    time.sleep(600)

for item, pid in isolation.each(hanging, "a"):
    print(pid, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as run:
        reader = Path(f"/proc/{run.stdout.readline().strip()}")
        assert reader.exists()
        run.kill()
        run.wait()
        for _ in range(500):
            if not reader.exists() or "State:\tZ" in (reader / "status").read_text():
                break
            time.sleep(0.02)

        assert not reader.exists() or "State:\tZ" in (reader / "status").read_text()
