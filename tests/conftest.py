"""What several tests share: a browser for what is looked at in one, and the weights that ship put back."""

import shutil

import pytest
from entente import decisions
from hypothesis import settings

# How long an example takes is no promise: on a busy machine the first one may take long.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items):
    """Begin with the test on Slurm, which takes longest and waits most."""
    items.sort(key=lambda item: item.get_closest_marker("slurm") is None)


@pytest.fixture(scope="module")
def chromium():
    """Return a browser."""
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with driver.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture
def shipped_weights():
    """Return the weights that ship, and put them back afterwards."""
    shipped = dict(decisions.weights())
    yield shipped
    decisions.use(shipped)
