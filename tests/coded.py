"""Documents of a sample, and what a coder makes of them, as the tests of the forms for coding write and expect them."""

from entente import sample
from entente.records import Document

ATTACK = '</script><script>document.title="owned"</script><img src=x onerror="document.title=1"> <!--<script>'

TEXTS = {
    "wire/en.txt": (
        "Sony, Ericsson in venture",
        "Sony Corp and Ericsson 😀 formed Sony\nEricsson Ltd.\n\nEach owns 50 percent.",
        "en",
    ),
    "wire/ja.txt": ("合弁会社", "トヨタ自動車とマツダは合弁会社を設立した。両社は折半出資する。", "ja"),
    "wire/ar.txt": ("شراكة", "أعلنت شركة أرامكو وشركة داو عن مشروع مشترك باسم صدارة.", "ar"),
    "press/hostile.txt": (
        "=HYPERLINK(1)",
        f"=1+1 {ATTACK}\n+cmd|' /C calc'!A0 _x0041_ {{{{policy}}}} ${{x}}",
        "en",
    ),
}


def document(name, title, text, language):
    """Return a document."""
    return Document(
        id=name,
        corpus=name.partition("/")[0],
        source=name.partition("/")[2],
        sha256="",
        title=title,
        text=text,
        language=language,
        language_probability=0.9,
        date="2001-04-24",
        date_source="metadata",
        genre="contract",
        signature="",
    )


DOCUMENTS = [document(name, *values) for name, values in TEXTS.items()]
DRAWN = [
    sample.Drawn(
        id=d.id,
        document=d.id,
        corpus=d.corpus,
        language=d.language,
        period="2000-2004",
        band="high",
        stratum="high, en, wire, 2000-2004",
        inclusion_probability=0.0625,
        document_probability=0.0625,
    )
    for d in DOCUMENTS
]


SONY = {
    "alliance": "sony-ericsson",
    "partners": ["Sony Corp", "Ericsson"],
    "venture_name": "Sony\nEricsson",
    "form": "joint_venture",
    "equity_status": "equity",
    "functions": ["rnd", "marketing"],
    "value_chain": "horizontal",
    "stakes": [{"holder": "Sony Corp", "target": "venture", "percent": 50.0}],
    "status": "signed",
    "date": "2001-04",
    "term_years": 5.0,
    "evidence": ["Sony Corp and Ericsson 😀 formed Sony\nEricsson Ltd.", "Each owns 50 percent."],
}
MAZDA = SONY | {
    "alliance": None,
    "partners": ["トヨタ自動車", "マツダ"],
    "venture_name": None,
    "functions": [],
    "stakes": [],
    "date": None,
    "term_years": None,
    "evidence": ["トヨタ自動車とマツダは合弁会社を設立した。"],
}
DOW = MAZDA | {
    "partners": ["شركة أرامكو", "شركة داو"],
    "venture_name": "صدارة",
    "evidence": [TEXTS["wire/ar.txt"][1]],
}
SECOND = MAZDA | {"form": "contractual", "equity_status": "contractual", "evidence": ["両社は折半出資する。"]}
CODED = {
    "wire/en.txt": [SONY],
    "wire/ja.txt": [MAZDA, SECOND],
    "wire/ar.txt": [DOW],
    "press/hostile.txt": [],
}


def simple(coded):
    """Return what was read, {document: alliances}, after a look at what all records share."""
    assert all(one.inclusion_probability == 0.0625 and one.coder == "Ada" for one in coded)
    assert {one.id: (one.non_alliance, one.genre) for one in coded if not one.alliances} == {
        "hostile.txt": ("arms_length", None)
    }
    return {f"{one.corpus}/{one.id}": [a.model_dump() for a in one.alliances] for one in coded}
