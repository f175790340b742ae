"""The figures can be read in grey and by colour-blind readers, are described in words, and are the same twice."""

from itertools import combinations, pairwise

import numpy as np
import pypdfium2
import pytest
from entente import budget, figures
from matplotlib.colors import to_rgb

# Machado, Oliveira & Fernandes (2009), A physiologically-based model for simulation of color vision deficiency, IEEE
# TVCG 15:1291-1298: matrices of severity 1 for linear RGB.
VISION = {
    "all": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
ROWS = [
    {"year": str(year), "definition": definition, "alliances": "24", "equity": "12", "contractual": "10"}
    | {"unknown": "2", "share": "0.5455", "low": "0.35", "high": "0.73"}
    | {"share_low_bound": "0.5", "share_high_bound": "0.5833"}
    for year in (2001, 2002)
    for definition in figures.PANELS
]


def lightness(colour, vision="all"):
    """Return the lightness L* (CIE 1976) of a colour as a kind of vision has it, 0 to 100."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISION[vision]) @ linear, 0, 1)
    luminance = seen @ [0.2126, 0.7152, 0.0722]
    return 116 * np.cbrt(luminance) - 16 if luminance > 0.008856 else 903.3 * luminance


@pytest.mark.parametrize("vision", VISION)
def test_series_differ_in_lightness_for_every_reader(vision):
    """So they do in grey; neighbours of the bars too, or one of them is hatched."""
    pairs = [(figures.EQUITY["color"], figures.CONTRACTUAL["color"])]
    pairs += [
        (low["facecolor"], high["facecolor"])
        for low, high in pairwise(figures.BARS.values())
        if low.get("hatch") == high.get("hatch")
    ]

    assert len(pairs) == 3
    assert min(abs(lightness(a, vision) - lightness(b, vision)) for a, b in pairs) >= 18


def test_series_differ_in_more_than_colour():
    """Lines and markers of the two shares; hatches of the two kinds of bar in the error budget."""
    shares = [figures.EQUITY, figures.CONTRACTUAL]
    for a, b in combinations(shares, 2):
        assert a["marker"] != b["marker"]
        assert a["linestyle"] != b["linestyle"]
    assert budget.INTERVAL.get("hatch") != budget.RANGE["hatch"]


def test_every_form_is_described_and_the_same_twice(tmp_path):
    """The words are in a file of their own, and in the PDF, where the day is not."""
    words = figures.describe("year", ROWS, 0.95)
    for name in ("one", "two"):
        figures.save(figures.draw("year", ROWS, 0.95), tmp_path / name, words)
    about = pypdfium2.PdfDocument(tmp_path / "one.pdf").get_metadata_dict()

    for ending in ("png", "svg", "pdf", "txt"):
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()
    assert (tmp_path / "one.txt").read_text(encoding="utf-8") == f"{words}\n"
    assert (about["Title"], about["Subject"], about["CreationDate"]) == (figures.TITLE, words, "")
    assert b"Description\0" + words[:40].encode() in (tmp_path / "one.png").read_bytes()
