"""The benchmarks are run by hand, and still begin with the package as it is."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
BENCHMARKS = sorted(set(FOLDER.glob("*.py")) - {FOLDER / "measure.py"})  # what they share


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_tells_how_it_is_run(path):
    if "import onnx\n" in path.read_text(encoding="utf-8") and not importlib.util.find_spec("onnx"):
        pytest.skip("onnx is not installed; pip install 'entente[train]'")

    ran = subprocess.run([sys.executable, path, "--help"], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout[:5]) == (0, "usage"), ran.stderr
