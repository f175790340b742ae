"""Label Studio as a form for coding: the tasks and the labelling interface that it is given, and its export, read back."""

from collections import defaultdict
from xml.etree import ElementTree

from entente.coding_form import CHOICES, REPORTS, codes, stake


def tasks(documents):
    """Return *documents* as Label Studio's tasks; there are no predictions among them."""
    return [
        {"data": {"document": d.id, "date": d.date or "", "title": d.title, "text": f"{d.title}\n{d.text}"}}
        for d in documents
    ]


def labelling():
    """Return the labelling interface for Label Studio, XML.

    Marks are Partner, Venture and Evidence, each with the number of its alliance. An alliance's codes are given
    at its evidence.
    """
    view = ElementTree.Element("View")

    def add(tag, name, *, values=(), parent=view, **attributes):
        node = ElementTree.SubElement(parent, tag, name=name, toName="text", **attributes)
        for value, hint in values:
            child = ElementTree.SubElement(node, "Label" if tag == "Labels" else "Choice", value=value)
            if hint:
                child.set("hint", hint)

    add("Labels", "mark", values=[("Partner", ""), ("Venture", ""), ("Evidence", "")])
    ElementTree.SubElement(view, "Text", name="text", value="$text", granularity="symbol")
    add("Choices", "reports", values=REPORTS.items(), choice="single-radio", required="true")
    for attribute in ("non_alliance", "genre"):
        add("Choices", attribute, values=codes(attribute).items(), choice="single-radio")
    add("TextArea", "note", placeholder="Note")
    add("Number", "number", perRegion="true", min="1", step="1", defaultValue="1")
    evidence = {"perRegion": "true", "whenTagName": "mark", "whenLabelValue": "Evidence"}
    for attribute in CHOICES:
        add("Choices", attribute, values=codes(attribute).items(), choice="single-radio", **evidence)
    add("Choices", "functions", values=codes("functions").items(), choice="multiple", **evidence)
    for name, hint in {
        "stakes": "holder; percent; target",
        "date": "announced: 2001-04-24, 2001-04 or 2001",
        "term_years": "agreed duration in years",
        "alliance": "a key, if other documents report it too",
    }.items():
        add("TextArea", name, placeholder=hint, **evidence)
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def read(path, exported):
    """Yield what Label Studio's export, a list of tasks, says of each document: a dict for `coding_form.Row`."""
    for number, task in enumerate(exported, 1):
        place = f"{path}: task {number}"
        given = task["data"]
        title, _, text = given["text"].partition("\n")
        for annotation in task.get("annotations") or [{}]:
            if not annotation.get("was_cancelled"):
                who = annotation.get("completed_by") or ""
                coder = who.get("email") or who.get("id") if isinstance(who, dict) else who
                row = {"place": place, "document": given["document"], "title": title, "text": text}
                coded = annotated(place, annotation.get("result") or [], given["text"])
                yield row | coded | {"coder": coder or ""}


def annotated(place, result, text):
    """Return the codes of one annotation: a list of marks, and of codes for a mark, with its id, or for the document."""
    marks, values = {}, defaultdict(lambda: defaultdict(list))
    for item in result:
        value = item["value"]
        if item["from_name"] == "mark":
            marks[item["id"]] = value["labels"][0], value["start"], marked(value, text)
        else:
            given = value[{"choices": "choices", "number": "number", "textarea": "text"}[item["type"]]]
            values[item["id"]][item["from_name"]] += given if isinstance(given, list) else [given]
    whole = defaultdict(list)
    for own in (values[key] for key in values if key not in marks):
        for name, given in own.items():
            whole[name] += given
    alliances = defaultdict(lambda: defaultdict(list))
    for key, (label, _, quote) in sorted(marks.items(), key=lambda mark: mark[1][1]):
        alliance = alliances[int((values.get(key, {}).get("number") or [1])[0])]
        alliance[label].append(quote)
        for name, given in values.get(key, {}).items():
            alliance[name] += [one for one in given if one not in alliance[name]]
    return {
        **{name: one(whole[name]) for name in ("reports", "non_alliance", "genre", "note")},
        "alliances": [
            {
                "place": f"{place}, alliance {number}",
                "partners": list(dict.fromkeys(own["Partner"])),
                "venture_name": own["Venture"][0] if own["Venture"] else "",
                "evidence": own["Evidence"],
                "functions": own["functions"],
                "stakes": [stake(line) for line in own["stakes"]],
                **{name: one(own[name]) for name in (*CHOICES, "date", "term_years", "alliance")},
            }
            for number, own in sorted(alliances.items())
        ],
    }


def one(values):
    """Return the one value that was given, or all of them, joined, which no check lets pass.

    >>> one(["signed"]), one([]), one(["signed", "planned"])
    ('signed', '', 'signed / planned')
    """
    return " / ".join(map(str, values))


def marked(value, text):
    r"""Return the words of a mark: as given if they stand in the text, else those at its offsets, in UTF-16 units.

    >>> marked({"start": 3, "end": 9, "text": "Sony\\nX"}, "\U0001f600 Sony X")
    'Sony X'
    """
    given = value.get("text") or ""
    if given in text and given:
        return given
    units = text.encode("utf-16-le")
    return units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le", "replace")
