"""A sample goes out to a coder in three forms, in an order that tells nothing, and what comes back is read by its form."""

import itertools
import re

import pytest
from coded import DOCUMENTS, DRAWN
from entente import cli, coding
from entente.errors import EntenteError


def test_sheets_are_the_same_bytes_each_time(tmp_path):
    for name in ("a", "b"):
        coding.sheet(DOCUMENTS, tmp_path / name)
    names = ["coding.html", "coding.xlsx", "label-studio.json", "label-studio.xml"]

    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == names
    assert all((tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in names)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 100_000,
        b"{}",
        b"[1]",
        b'[{"data": {}}]',
        b'{"format": "entente coding 1", "coder": 1, "documents": [3]}',
        b'{"format": "entente coding 1", "coder": "A", "documents": [{"document": [], "reports": "", "alliances": []}]}',
        b'{"format": "other"}',
        b"\xff\xfe\x00",
    ],
)
def test_another_json_file_is_told(tmp_path, content):
    (tmp_path / "x.json").write_bytes(content)

    with pytest.raises(EntenteError, match=r"x.json: "):
        coding.opened(tmp_path / "x.json")


def test_the_order_of_the_sheet_says_nothing_of_the_strata(tmp_path):
    """Documents of one stratum, ids 0 to 19, do not stand together."""
    documents = [DOCUMENTS[0].model_copy(update={"id": f"wire/{k}.txt"}) for k in range(40)]
    cli.write(tmp_path / "wire" / "0" / "documents.jsonl", documents)
    drawn = [DRAWN[0].model_copy(update={"document": d.id}) for d in documents]
    order = [
        int(re.findall(r"\d+", d.id)[0]) < 20 for d in coding.texts(tmp_path, [tmp_path / "wire"], drawn)
    ]
    runs = 1 + sum(a != b for a, b in itertools.pairwise(order))

    assert len(order) == 40
    assert 11 < runs < 31  # 21 on average if the order is random, standard deviation 3


def test_a_sample_of_another_run_is_told(tmp_path):
    cli.write(tmp_path / "wire" / "0" / "documents.jsonl", DOCUMENTS[:1])

    with pytest.raises(EntenteError, match=r"no document press/hostile.txt; the sample is of another run"):
        coding.texts(tmp_path, [tmp_path / "wire"], DRAWN)
