"""The digest of a stage changes with what is behind its command, and with nothing else."""

import re
import shutil

import pytest
from entente import digest
from entente.errors import EntenteError


@pytest.fixture
def package(tmp_path):
    """Return the folder of a package: a stage, a helper's helper, a module found at run time, and data."""
    folder = tmp_path / "toy"
    for name, text in {
        "__init__.py": "",
        "stage.py": "from toy import helper\n",
        "helper.py": "def late():\n    from .deep.inner import value\n    return value\n",
        "deep/__init__.py": "",
        "deep/inner.py": 'import toy.codes\nDATA = ("words",)\nvalue = 1\n',
        "codes.py": 'DATA = ("codes.yaml",)\n',
        "codes.yaml": "a: 1\n",
        "words/en.yaml": "b: 1\n",
        "words/reader.py": "from toy import found\n",
        "found.py": "",
        "other.py": "import json, toyish\n",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "name",
    [
        "stage.py",
        "helper.py",
        "deep/__init__.py",
        "deep/inner.py",
        "codes.py",
        "codes.yaml",
        "words/en.yaml",
        "words/reader.py",
        "found.py",
        "__init__.py",
    ],
)
def test_an_edit_of_any_file_behind_a_stage_changes_its_digest(package, name):
    """Imports of imports, inside functions, and relative; data; what modules among the data import."""
    before = digest.source("toy.stage", package)
    (package / name).write_text((package / name).read_text(encoding="utf-8") + "# edit\n", encoding="utf-8")

    assert digest.source("toy.stage", package) != before


def test_an_edit_elsewhere_changes_nothing(package):
    """A module that the stage does not import, and what Python leaves behind among the data."""
    before = digest.source("toy.stage", package)
    (package / "other.py").write_text("edited = True\n", encoding="utf-8")
    (package / "words" / "__pycache__").mkdir()
    (package / "words" / "__pycache__" / "reader.cpython-311.pyc").write_bytes(b"x")

    assert digest.source("toy.stage", package) == before


def test_a_new_data_file_in_a_declared_folder_changes_the_digest(package):
    """A language is added by a file, without an edit of any other."""
    before = digest.source("toy.stage", package)
    (package / "words" / "da.yaml").write_text("", encoding="utf-8")

    assert digest.source("toy.stage", package) != before


def test_content_that_moves_between_files_changes_the_digest(package):
    """Names and lengths count, so that two files cannot be taken for one."""
    before = digest.source("toy.stage", package)
    (package / "words" / "en.yaml").rename(package / "words" / "de.yaml")

    assert digest.source("toy.stage", package) != before


def test_the_digest_is_the_same_wherever_the_package_lies(package, tmp_path):
    """Two clones agree, so results can be compared between machines."""
    copy = shutil.copytree(package, tmp_path / "elsewhere" / "toy")

    assert digest.source("toy.stage", copy) == digest.source("toy.stage", package)


def test_a_cycle_of_imports_comes_to_an_end(package):
    """The helper may import the stage."""
    (package / "found.py").write_text("import toy.stage\n", encoding="utf-8")

    assert len(digest.source("toy.stage", package)) == 64


def test_a_stage_that_does_not_exist_is_refused(package):
    """The message names it."""
    with pytest.raises(EntenteError, match=r"toy\.stages: no such module in .*toy; name a stage"):
        digest.source("toy.stages", package)


def test_data_that_does_not_exist_is_refused(package):
    """A constant that no longer fits would let an edit pass unseen."""
    (package / "codes.py").write_text('DATA = ("code.yaml",)\n', encoding="utf-8")

    with pytest.raises(EntenteError, match=r"codes.py: DATA names 'code.yaml', which .*toy lacks"):
        digest.source("toy.stage", package)


@pytest.mark.parametrize("stage", ["ingest", "extract", "resolve", "evaluate", "estimate", "publish"])
def test_the_modules_of_a_stage_declare_the_package_data_that_they_read(stage):
    """Else an edit of the data would leave stale results. No result depends on what these three read."""
    modules = [path for path in digest.closure(f"entente.{stage}") if path.suffix == ".py"]
    reading = [path for path in modules if re.search(r"importlib|__file__|pkgutil", path.read_text("utf-8"))]

    undeclared = {path.stem for path in reading if not digest.code(path.read_bytes()).declared}

    assert undeclared <= {"schema", "cache", "digest"}
