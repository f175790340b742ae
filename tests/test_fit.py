"""Fitting learns, from documents with gold, what finds the alliances of other documents, and does it the same each time."""

import json
from itertools import pairwise

import pytest
from entente import cli, decisions, extract, ingest
from entente.readers import Raw

pytest.importorskip("sklearn", reason="scikit-learn is needed to fit; pip install 'entente[train]'")

from entente import fit

SHAPES = {
    "en": (
        "{} Corp and {} Ltd formed a joint venture to make {}.",
        "{} Corp acquired all shares of its joint venture {} Ltd, a maker of {}.",
    ),
    "de": (
        "Die {} AG und die {} GmbH gründen ein Gemeinschaftsunternehmen für {}.",
        "Die {} AG übernimmt das Gemeinschaftsunternehmen {} GmbH und dessen Werk für {}.",
    ),
}
NAMES = ["Alba", "Brix", "Corda", "Dorna", "Elva", "Fenix", "Garda", "Halma"]
FORMS = {"en": ("{} Corp", "{} Ltd"), "de": ("{} AG", "{} GmbH")}


@pytest.fixture(autouse=True)
def _shipped_weights_afterwards():
    """Put back the weights that ship."""
    shipped = dict(decisions.weights())
    yield
    decisions.use(shipped)


def cases():
    """Yield (document, gold), as dicts: in two languages, of two shapes, the first with an alliance."""
    for language, shapes in SHAPES.items():
        for number, (first, second) in enumerate(pairwise(NAMES)):
            for alliance, shape in zip((True, False), shapes, strict=True):
                text = shape.format(first, second, "Autos")
                name = f"{language}/{number}{'ab'[alliance]}.txt"
                reported = {
                    "partners": [
                        form.format(n) for form, n in zip(FORMS[language], (first, second), strict=True)
                    ],
                    "form": "joint_venture",
                    "equity_status": "equity",
                    "functions": ["production"],
                    "value_chain": "horizontal",
                    "status": "signed",
                    "evidence": [text],
                }
                yield (
                    {"id": name, "title": None, "text": text, "language": language},
                    {"id": name, "alliances": [reported] if alliance else []},
                )


def write(path, records):
    """Write dicts as JSON Lines."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return the paths of two files of documents, one a language, with gold beside each."""
    folder, paths = tmp_path_factory.mktemp("train"), []
    for language in SHAPES:
        known = [case for case in cases() if case[0]["language"] == language]
        paths.append(folder / f"{language}.jsonl")
        write(paths[-1], [document for document, _ in known])
        write(folder / f"{language}.gold.jsonl", [gold for _, gold in known])
    return paths


@pytest.fixture(scope="module")
def model(files):
    """Return the path of a model fitted on the files, by the command."""
    shipped = dict(decisions.weights())
    path = files[0].with_name("decisions.json")
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main("", fit.add_arguments, fit.run, [*map(str, files), "--output", str(path)])
    decisions.use(shipped)
    return path


def found(text, language):
    """Return the partners of the alliances that extraction finds in *text* and is sure enough of."""
    document = ingest.document(Raw(text=text), "test", "a.txt").model_copy(update={"language": language})
    mentions, _ = extract.extract(document)
    return [{p.name for p in m.partners} for m in mentions if m.confidence >= extract.MINIMUM_CONFIDENCE]


@pytest.mark.parametrize("language", SHAPES)
def test_the_weights_find_an_alliance_in_a_sentence_of_the_same_shape(model, language):
    """Between firms that no training document names; a sentence of the other shape reports none."""
    decisions.use(json.loads(model.read_text(encoding="utf-8")))
    alliance, none = (shape.format("Zeta", "Yotta", "Züge") for shape in SHAPES[language])

    assert found(alliance, language) == [
        {form.format(n) for form, n in zip(FORMS[language], ("Zeta", "Yotta"), strict=True)}
    ]
    assert found(none, language) == []


def test_the_model_has_all_that_the_shipped_one_decides(model):
    """And names the languages that it has seen, by which confidence is decided."""
    fitted = json.loads(model.read_text(encoding="utf-8"))

    assert fitted.keys() == decisions.weights().keys()
    assert fitted["languages"] == {"de": 1, "en": 1}


def test_two_fits_are_the_same_to_the_byte(model, files, tmp_path):
    """Also after other weights were in use."""
    decisions.use({"partner": {"bias": 3.0}})

    fit.run(files, tmp_path / "again.json")

    assert (tmp_path / "again.json").read_bytes() == model.read_bytes()


def test_gold_stands_beside_the_documents(files):
    """Each document with gold is a case, file by file, in the gold's order."""
    read = fit.read_cases(files)

    assert [document["id"] for document, _ in read] == [document["id"] for document, _ in cases()]
    assert all(document["id"] == gold.id for document, gold in read)


def test_documents_without_gold_or_without_a_lexicon_are_left_out(tmp_path):
    """They can teach nothing."""
    names = ("a", "b", "c")
    known = [
        {"id": n, "title": "", "text": "", "language": g}
        for n, g in zip(names, ("en", "ru", "en"), strict=True)
    ]
    write(tmp_path / "d.jsonl", known)
    write(tmp_path / "d.gold.jsonl", [{"id": name, "alliances": []} for name in ("a", "b", "gone")])

    assert [gold.id for _, gold in fit.read_cases([tmp_path / "d.jsonl"])] == ["a"]


def test_a_decision_that_is_always_the_same_is_a_bias():
    """Nothing can be learned from one class; the decision is taken all the same."""
    assert fit.fit_one([{"x"}, {"y"}], [True, True], 0.3) == {"bias": 5.0}
    assert fit.fit_one([{"x"}, {"y"}], [False, False], 0.3) == {"bias": -5.0}
