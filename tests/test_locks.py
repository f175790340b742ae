"""The lock files hold everything that `make` installs, with hashes, and nothing that they must not."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = {"requirements.lock": None, "requirements-dev.lock": "dev", "requirements-slurm.lock": "slurm"}


def pins(lock):
    """Return {name: [requirement, ...]} of a lock file."""
    found = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if line[0].isalnum():
            pin = Requirement(line.rstrip("\\ "))
            found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_registry_and_hashes_every_package(lock):
    """So it installs the same files from any mirror."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\w)", text)

    assert not re.search(r"://|--(extra-)?index|--find-links", text)
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(("lock", "extra"), LOCKS.items())
def test_a_lock_holds_what_pyproject_asks_for(lock, extra):
    """A dependency added without `make lock` fails here, not on a user's machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["project"]["optional-dependencies"].get(extra, [])
    wanted += project["build-system"]["requires"]
    locked = pins(lock)

    unmet = [
        asked
        for asked in map(Requirement, wanted)
        for pin in locked.get(canonicalize_name(asked.name), [None])
        if pin is None or not asked.specifier.contains(next(iter(pin.specifier)).version)
    ]

    assert unmet == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_locks_agree(lock):
    """Tests run on the versions that make the results; they may need a package on more platforms."""
    base, own = (
        {name: {str(pin.specifier) for pin in found} for name, found in pins(which).items()}
        for which in ("requirements.lock", lock)
    )

    assert {name: versions for name, versions in own.items() if name in base} == base


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_spacy_model(lock):
    """The index has none: what goes by these names there are other people's uploads."""
    assert [name for name in pins(lock) if re.match(r"[a-z]{2,3}-(core|dep|ent|sent|udv25)-", name)] == []
