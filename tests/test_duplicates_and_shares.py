"""What duplicates do to the equity share."""

from entente import tables
from entente.duplicates_and_shares import duplicates_and_shares
from entente.records import Duplicate
from test_estimate import alliance, document, mention, store, study


def test_stories_printed_more_often_raise_the_share_by_mention(tmp_path):
    """Of 40 alliances a quarter are ventures; each is reported twice, other alliances once: 20 of 50, not 10 of 40."""
    mentions, alliances = [], []
    for n in range(40):
        form = "joint_venture" if n < 10 else "contractual"
        met = [mention(f"{n}-{k}.txt", form=form, confidence=0.9) for k in range(2 if n < 10 else 1)]
        mentions += met
        alliances.append(alliance(n, form=form, mentions=[m.id for m in met]))
    copy = mention("40-0.txt", form="joint_venture", confidence=0.9)
    documents = [document(m.document.partition("/")[2]) for m in [*mentions, copy]]
    copies = [Duplicate(document=copy.document, duplicate_of="wire/0-0.txt", similarity=1.0)]
    store(
        tmp_path,
        documents=documents,
        mentions=[*mentions, copy],
        alliances=alliances,
        duplicates=copies,
    )

    found = {
        row["unit"]: row
        for row in duplicates_and_shares(study(tmp_path))
        if row["definition"] == "joint_venture"
    }

    shares = {name: (row["equity"], row["n"], row["excess"]) for name, row in found.items()}
    assert shares == {
        "document_with_duplicates": (21, 51, 0.1618),
        "document": (20, 50, 0.15),
        "mention_with_duplicates": (21, 51, 0.1618),
        "mention": (20, 50, 0.15),
        "alliance": (10, 40, None),
    }
    assert found["mention"]["excess_low"] < 0.15 < found["mention"]["excess_high"]


def test_an_empty_study_gives_rows_without_shares_whose_columns_are_explained(tmp_path):
    """The data dictionary is made from the docstring."""
    store(tmp_path)
    rows = list(duplicates_and_shares(study(tmp_path)))

    assert {(row["share"], row["excess"]) for row in rows} == {(None, None)}
    assert all(tables.meaning(column, duplicates_and_shares) for column in rows[0])
