"""A coder codes in Label Studio: it is given no prediction, and what it exports comes back as gold."""

import json
from xml.etree import ElementTree

import pytest
from coded import CODED, DOCUMENTS, DRAWN, SONY, simple
from entente import coding_check, coding_label_studio
from entente.coding_form import CHOICES, codes
from entente.errors import EntenteError


def exported(units=len):
    """Return Label Studio's export of CODED; *units* counts the units of offsets in a text."""
    done = []
    for task in coding_label_studio.tasks(DOCUMENTS):
        text, result = task["data"]["text"], []
        alliances = CODED[task["data"]["document"]]

        def choose(name, values, key, kind="choices", result=result, **place):
            result.append(
                {"id": key, "from_name": name, "to_name": "text", "type": kind, "value": place | values}
            )

        choose("reports", {"choices": ["alliance" if alliances else "none"]}, "r")
        if not alliances:
            choose("non_alliance", {"choices": ["arms_length"]}, "n")
        for number, alliance in enumerate(alliances, 1):
            marks = [("Partner", name) for name in alliance["partners"]]
            marks += [("Venture", alliance["venture_name"])] if alliance["venture_name"] else []
            marks += [("Evidence", quote) for quote in alliance["evidence"]]
            for at, (label, quote) in enumerate(marks):
                start = text.index(quote)
                place = {
                    "start": units(text[:start]),
                    "end": units(text[: start + len(quote)]),
                    "text": quote.replace("\n", "\\n"),
                }
                key = f"{number}-{at}"
                choose("mark", {"labels": [label]}, key, "labels", **place)
                choose("number", {"number": number}, key, "number", **place)
                if (label, quote) == ("Evidence", alliance["evidence"][0]):
                    for name in CHOICES:
                        choose(name, {"choices": [alliance[name]]}, key, **place)
                    choose("functions", {"choices": alliance["functions"]}, key, **place)
                    texts = {
                        "stakes": [f"{s['holder']}; {s['percent']}" for s in alliance["stakes"]],
                        **{n: [str(alliance[n])] for n in ("date", "term_years", "alliance") if alliance[n]},
                    }
                    for name, values in texts.items():
                        choose(name, {"text": values}, key, "textarea", **place)
        done.append(
            task
            | {"id": len(done) + 1, "annotations": [{"completed_by": {"email": "Ada"}, "result": result}]}
        )
    return done


def test_label_studios_export_comes_back_as_gold(tmp_path):
    """Offsets count UTF-16 units there; a line's end inside a mark is written as two characters."""
    path = tmp_path / "export.json"
    path.write_text(json.dumps(exported(lambda text: len(text.encode("utf-16-le")) // 2)), encoding="utf-8")

    found = simple(coding_check.read(path, DRAWN))
    assert found["wire/en.txt"][0].pop("partners") == ["Ericsson", "Sony Corp"]  # as they stand in the title
    assert found == CODED | {"wire/en.txt": [{key: SONY[key] for key in SONY if key != "partners"}]}


def test_label_studio_gets_no_prediction():
    tasks = coding_label_studio.tasks(DOCUMENTS)

    assert [set(task) for task in tasks] == [{"data"}] * len(DOCUMENTS)
    assert all(set(task["data"]) == {"document", "date", "title", "text"} for task in tasks)


def test_label_studios_interface_names_what_is_read():
    view = ElementTree.fromstring(coding_label_studio.labelling())
    names = {node.get("name"): node.tag for node in view if node.get("toName") == "text"}

    assert names["mark"] == "Labels"
    assert {
        *CHOICES,
        "functions",
        "stakes",
        "date",
        "term_years",
        "alliance",
        "number",
        "reports",
    } < set(names)
    assert [c.get("value") for c in view.find("Choices[@name='form']")] == list(codes("form"))


def test_two_codes_where_one_belongs_are_told(tmp_path):
    given = exported()
    first = given[0]["annotations"][0]["result"]
    first.append(
        next(item for item in first if item["from_name"] == "form") | {"value": {"choices": ["contractual"]}}
    )
    (tmp_path / "x.json").write_text(json.dumps(given), encoding="utf-8")

    with pytest.raises(
        EntenteError, match="task 1, alliance 1: form is 'joint_venture / contractual'; choose one"
    ):
        coding_check.read(tmp_path / "x.json", DRAWN)
