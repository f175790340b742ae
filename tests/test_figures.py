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


# Linear RGB to CIE XYZ (IEC 61966-2-1).
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour, vision="all"):
    """Return a colour as a kind of vision has it, in CIE 1976 L*a*b*; the first is its lightness, 0 to 100."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(np.array(VISION[vision]) @ linear, 0, 1) / XYZ.sum(axis=1)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def neighbours():
    """Return pairs of colours that stand side by side, without those of which one is hatched."""
    bars = [
        (low["facecolor"], high["facecolor"])
        for low, high in pairwise(figures.BARS.values())
        if low.get("hatch") == high.get("hatch")
    ]
    return [(figures.EQUITY["color"], figures.CONTRACTUAL["color"]), *bars]


def test_neighbours_differ_in_grey():
    """By 18 of 100 steps of lightness."""
    assert len(neighbours()) == 3
    assert min(abs(lab(a)[0] - lab(b)[0]) for a, b in neighbours()) >= 18


@pytest.mark.parametrize("vision", VISION)
def test_neighbours_differ_for_colour_blind_readers(vision):
    """By ten times and more what a reader just sees, which is a distance of about 2.3."""
    assert min(np.linalg.norm(lab(a, vision) - lab(b, vision)) for a, b in neighbours()) >= 25


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
