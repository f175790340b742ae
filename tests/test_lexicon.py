"""A lexicon is data: its phrases are found in their examples, and a broken rule is told with the remedy."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from entente import lexicon
from entente.errors import EntenteError
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1] / "workflow" / "entente" / "lexicon"
LANGUAGES = sorted(path.stem for path in ROOT.glob("*.yaml"))
WORDS = sorted((ROOT / "words").glob("*.txt"))
SECTIONS = ("cues", "hints", "contrary", "functions", "statuses", "measures", "relations", "figures")
FIGURES = {"percent", "equal", "holding", "owned_by", "term", "month"}
SMALL = """\
language: tlh
name: Klingon
script: words
tokenizer: xx
legal_forms: []
cues:
  joint_venture:
    - joint venture*: They formed a joint venture.
hints: {}
contrary: {}
functions: {}
statuses: {}
measures: {}
relations: {}
numbers: {}
fractions: {}
figures: {}
organisation_words: []
joiners: []
offices: []
not_names: []
"""


def found(phrase, text, script="words"):
    """Return what *phrase* finds in *text*, or None."""
    hit = re.search(lexicon.compiled(phrase, script), text, re.IGNORECASE)
    return hit and hit[0]


# ---- the lexicons that ship ------------------------------------------------------------------------


def test_a_language_has_one_lexicon_which_may_serve_others_too():
    """Those that ship, and the languages that they name under `also`."""
    served = sorted([*LANGUAGES, *(other for language in LANGUAGES for other in lexicon.load(language).also)])

    assert list(lexicon.languages()) == served
    assert len(set(served)) == len(served)
    assert {"da", "de", "en", "es", "fr", "zh"} <= set(served)
    assert lexicon.load("nn") == lexicon.load("nb")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_phrase_is_found_in_its_example(language):
    """By itself: not because another phrase of the section is in it too."""
    known = lexicon.load(language)
    missed = [
        f"{section}: {code}: {phrase!r} is not in {example!r}"
        for section, code, phrase, example in known.examples()
        if not found(phrase, example, known.script)
    ]

    assert not missed, f"lexicon/{language}.yaml: {len(missed)} phrases\n" + "\n".join(missed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_phrase_is_found_with_its_code_in_its_section(language):
    """Among the others, of which a longer one may take its place."""
    known = lexicon.load(language)
    missed = [
        f"{section}: {code}: nothing in {example!r}"
        for section, code, _, example in known.examples()
        if code not in {hit.code for hit in known.phrases(section).find(example)}
    ]

    assert not missed, f"lexicon/{language}.yaml: {len(missed)} phrases\n" + "\n".join(missed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lexicon_keeps_to_the_notation(language):
    """A phrase stands once under a code, its brackets close, it needs some text; examples are short."""
    seen, faults = set(), []
    for section, code, phrase, example in lexicon.load(language).examples():
        where = f"{section}: {code}: {phrase!r}"
        if (section, code, phrase) in seen:
            faults.append(f"{where} stands twice")
        seen.add((section, code, phrase))
        if phrase.count("(") != phrase.count(")"):
            faults.append(f"{where} has brackets that do not close")
        if not 0 < len(example) <= 200:
            faults.append(f"{where} has an example of {len(example)} characters; at most 200")
        if found(phrase, ""):
            faults.append(f"{where} is found in nothing")

    assert not faults, f"lexicon/{language}.yaml: {len(faults)} faults\n" + "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lexicon_knows_what_english_knows(language):
    """A section that is empty, or a part that is missing, would leave the language half covered.

    Of the figures, those for stakes and terms; the others are for claims, which a language may lack.
    """
    known, english = lexicon.load(language), lexicon.load("en")
    missing = [section for section in SECTIONS if not getattr(known, section)]
    wanted = {"relations": english.relations.keys(), "figures": FIGURES}
    for section, needed in wanted.items():
        missing += [f"{section}: {code}" for code in sorted(needed - getattr(known, section).keys())]
    missing += [name for name in ("legal_forms", "numbers", "fractions") if not getattr(known, name)]

    assert not missing, f"lexicon/{language}.yaml lacks what lexicon/en.yaml has: {', '.join(missing)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lexicon_is_named_by_its_language(language):
    assert lexicon.load(language).language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language):
    """YAML would keep the last one without a word, and the phrases under the first would be lost."""
    tree = yaml.compose((ROOT / f"{language}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    twice, nodes = [], [tree]
    for node in nodes:
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            twice += [
                f"{key.start_mark.line + 1}: {key.value!r}"
                for key, _ in node.value
                if keys.count(key.value) > 1
            ]
            nodes += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            nodes += node.value

    assert not twice, f"lexicon/{language}.yaml: keys that stand twice, by line: {', '.join(twice)}"


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.stem)
def test_lists_of_words_are_sorted_and_hold_each_word_once(path):
    """One word a line, in lower case, so that a change shows as what it is."""
    content = path.read_text(encoding="utf-8")
    words = content.splitlines()

    assert words == sorted(set(words))
    assert content == "".join(f"{word}\n" for word in words)
    assert [word for word in words if word != word.strip().lower() or not word] == []


# ---- the notation ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        # a phrase is whole words, in whatever case
        ("joint venture", "A JOINT VENTURE of two", "JOINT VENTURE"),
        ("joint venture", "joint ventures", None),
        ("venture", "a coventure", None),
        ("beta", "Alpha (Beta) agreed", "Beta"),
        # * is the rest of a word, nothing included
        ("venture*", "two ventures.", "ventures"),
        ("venture*", "the venture", "venture"),
        ("venture*", "venture capital", "venture"),
        ("Gemeinschaftsunternehm*", "das Gemeinschaftsunternehmen", "Gemeinschaftsunternehmen"),
        # (a|b|) are alternatives, perhaps nothing
        ("joint (stock |operating |)company", "a joint stock company", "joint stock company"),
        ("joint (stock |operating |)company", "a joint company", "joint company"),
        ("joint (stock |operating |)company", "a joint holding company", None),
        ("(licens|licenc)*", "under licence", "licence"),
        ("(own|hold)s (half|all)", "it holds half", "holds half"),
        # a space is white space or a hyphen
        ("joint venture", "joint-venture", "joint-venture"),
        ("joint venture", "joint\n  venture", "joint\n  venture"),
        ("joint venture", "joint\u2010venture", "joint\u2010venture"),
        ("joint venture", "joint–venture", "joint–venture"),
        ("joint venture", "jointventure", None),
        ("joint venture", "joint, venture", None),
        # other signs stand for themselves
        ("50/50", "a 50/50 venture", "50/50"),
        ("a.s", "aas", None),
        ("per cent.", "ten per cent.", "per cent."),
        ("(pct|%) owned", "20 pct owned", "pct owned"),
        ("(pct|%) owned", "20% owned", "% owned"),
        ("%", "20%", "%"),
    ],
)
def test_a_phrase_in_a_script_of_words(phrase, text, expected):
    assert found(phrase, text) == expected


@pytest.mark.parametrize("dots", ["form ... venture", "form...venture"])
@pytest.mark.parametrize(("between", "matches"), [(0, True), (1, True), (8, True), (9, False)])
def test_dots_are_up_to_eight_words(dots, between, matches):
    """None included; blanks around the dots do not matter."""
    text = " ".join(["form", *["a,"] * between, "venture"])

    assert (found(dots, text) == text) == matches


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        # no boundaries: a phrase is found inside a run of characters
        ("合资", "成立合资企业", "合资"),
        ("(合资|合营)企业", "中外合营企业。", "合营企业"),
        ("合资(经营|)企业", "合资企业", "合资企业"),
        ("成立 合资", "成立合资", "成立合资"),
        ("成立 合资", "成立 合资", "成立 合资"),
        ("50 50", "以50-50的比例", "50-50"),
        # ... is up to twelve characters of one sentence
        ("与 ... 合作", "与" + "一" * 12 + "合作", "与" + "一" * 12 + "合作"),
        ("与...合作", "与合作", "与合作"),
        ("与...合作", "与" + "一" * 13 + "合作", None),
        ("与...合作", "与索尼签约。合作", None),
    ],
)
def test_a_phrase_in_a_script_without_spaces(phrase, text, expected):
    assert found(phrase, text, "characters") == expected


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        # particles stick to a word; words before it do not
        ("합작법인", "합작법인을 설립했다", "합작법인"),
        ("합작 법인", "합작법인", "합작법인"),
        ("작법인", "합작법인", None),
        ("(설립|출범)", "합작법인을 출범시켰다", "출범"),
    ],
)
def test_a_phrase_in_a_script_of_stems(phrase, text, expected):
    assert found(phrase, text, "stems") == expected


def test_phrases_are_found_in_order_with_offsets_code_and_phrase():
    """The longer of two phrases of one code is meant; phrases of two codes may share words."""
    known = lexicon.Phrases(
        {
            "joint_venture": [{"venture*": ""}, {"joint venture*": ""}],
            "contractual": [{"joint": ""}, {"agreement": ""}],
            "unspecified": [],
        },
        "words",
    )
    text = "Agreement on joint ventures"

    assert known.find(text) == [
        (0, 9, "contractual", "agreement"),
        (13, 18, "contractual", "joint"),
        (13, 27, "joint_venture", "joint venture*"),
    ]
    assert known.find(text, 13, 18) == [(13, 18, "contractual", "joint")]
    assert known.find("An alliance") == []
    assert known.any(text)
    assert not known.any("An alliance")


def test_phrases_of_some_codes_alone_can_be_asked_for():
    """A code that the section lacks is no fault: another language may have it."""
    text = "Acme and Beta formed a joint venture under a licensing agreement."
    cues = lexicon.load("en").phrases("cues", ("contractual", "none"))

    assert {hit.code for hit in cues.find(text)} == {"contractual"}


def test_a_word_cut_by_the_stretch_that_is_read_is_no_word():
    """A sentence's own bounds fall between words, and the text around it still tells."""
    assert lexicon.Phrases({"other": [{"venture": ""}]}, "words").find("coventure", 2) == []


# ---- the search finds what plain patterns find ----------------------------------------------------


@cache
def plain_patterns(section, script):
    """Return (code, pattern, phrases) of *section*, ((code, phrases), ...): all phrases of a code side by side."""
    ordered = [(code, sorted(phrases, key=len, reverse=True)) for code, phrases in section]
    return [
        (
            code,
            re.compile("|".join(f"({lexicon.compiled(p, script)})" for p in phrases), re.IGNORECASE),
            phrases,
        )
        for code, phrases in ordered
    ]


def plainly_found(section, script, text, start, end):
    """Return the hits of the plain patterns of a section in a stretch of *text*, in order."""
    return sorted(
        (hit.start(), hit.end(), code, phrases[hit.lastindex - 1])
        for code, pattern, phrases in plain_patterns(section, script)
        for hit in pattern.finditer(text, start, end)
    )


@cache
def phrases_of(language, section):
    """Return a section of a language's lexicon as ((code, phrases), ...), without the examples."""
    entries = getattr(lexicon.load(language), section).items()
    return tuple((code, tuple(p for item in items for p in item)) for code, items in entries if items)


@cache
def examples_of(language):
    return [example for *_, example in lexicon.load(language).examples()]


# For re, ignoring case, ſ is an s, İ and ı are each an i and the Kelvin sign is a k; casefold changes the length of ß and İ.
ODD = str.maketrans("sikåσµ", "ſİ\u212a\u212bς\u03bc")
CASES = (str, str, str.upper, str.title, str.swapcase, str.casefold, lambda text: text.translate(ODD))


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=20)
@given(data=st.data())
def test_a_lexicons_phrases_are_found_as_by_plain_patterns(language, data):
    """In examples whole and cut, in whatever case, one after the other, with other text between; and in stretches."""
    piece = st.builds(
        lambda text, cut, case: case(text[cut:]),
        st.sampled_from(examples_of(language)) | st.text(max_size=5),
        st.just(0) | st.integers(0, 30),
        st.sampled_from(CASES),
    )
    text = data.draw(st.sampled_from([" ", "", "\n", "-"])).join(data.draw(st.lists(piece, max_size=5)))
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    known = lexicon.load(language)

    for section in SECTIONS:
        search, plain = known.phrases(section), (phrases_of(language, section), known.script)
        assert search.find(text, start, end) == plainly_found(*plain, text, start, end)
        assert search.any(text) == bool(plainly_found(*plain, text, 0, len(text)))


LETTERS = "sſiİıkKß5%- "
PHRASES = st.recursive(
    st.text(LETTERS, min_size=1, max_size=3) | st.sampled_from(["*", "...", " ... "]),
    lambda part: (
        st.lists(part, min_size=2, max_size=3).map("".join)
        | st.lists(part | st.just(""), min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})")
    ),
    max_leaves=5,
)


@settings(max_examples=100)
@given(
    script=st.sampled_from(["words", "stems", "characters"]),
    listed=st.lists(st.lists(PHRASES, min_size=1, max_size=4, unique=True), min_size=1, max_size=2),
    text=st.text(LETTERS, max_size=25),
    bounds=st.tuples(st.integers(0, 25), st.integers(0, 25)),
)
def test_phrases_of_any_form_are_found_as_by_plain_patterns(script, listed, text, bounds):
    """Among letters that only ignoring case makes the same; each phrase needs some text."""
    listed = [[p for p in phrases if found(p, "", script) is None] or ["s"] for phrases in listed]
    section = tuple(zip(("joint_venture", "contractual"), map(tuple, listed), strict=False))
    search = lexicon.Phrases({code: [{p: ""} for p in phrases] for code, phrases in section}, script)
    start, end = sorted(min(bound, len(text)) for bound in bounds)

    assert search.find(text, start, end) == plainly_found(section, script, text, start, end)
    assert search.any(text) == bool(plainly_found(section, script, text, 0, len(text)))


# ---- what is refused -------------------------------------------------------------------------------


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """Return a function that loads a lexicon with a text replaced."""
    (tmp_path / "lexicon").mkdir()
    monkeypatch.setattr(lexicon, "files", lambda package: tmp_path)
    lexicon._files.cache_clear()

    def load(old="", new=""):
        assert old in SMALL
        (tmp_path / "lexicon" / "tlh.yaml").write_text(SMALL.replace(old, new), encoding="utf-8")
        return lexicon.load.__wrapped__("tlh")

    yield load
    lexicon._files.cache_clear()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        # found, then what was expected
        ("joint_venture:", "jointventure:", ["cues", "jointventure", "joint_venture, minority_equity"]),
        ("hints: {}", "hints: {merger: []}", ["hints", "merger", "joint_venture, minority_equity"]),
        ("statuses: {}", "statuses: {over: []}", ["statuses", "over", "rumoured, planned, signed"]),
        ("functions: {}", "functions: {sales: []}", ["functions", "sales", "rnd, production"]),
        ("hints: {}", "hint: {}", ["hint"]),
        ("joiners: []", "joiners: []\nverbs: [yIje']", ["verbs"]),
        ("joiners: []\n", "", ["joiners"]),
        ("script: words", "script: runes", ["script", "runes", "words, stems, characters"]),
        ("numbers: {}", "numbers: {wa': one}", ["numbers", "wa'", "one"]),
        ("- joint venture*:", "- joint venture*;", ["cues", "joint_venture"]),
        ("name: Klingon", "name: [Klingon", ["line 3"]),
        (SMALL, "", []),
        (SMALL, "- tlh\n", []),
    ],
)
def test_what_breaks_the_rules_is_told_with_file_fault_and_remedy(loaded, old, new, says):
    """The message points to the rules, lexicon/README.md, and to no page of a library."""
    with pytest.raises(EntenteError) as refused:
        loaded(old, new)
    message = str(refused.value)

    assert "lexicon/tlh.yaml" in message
    assert [part for part in says if part not in message] == []
    assert "errors.pydantic.dev" not in message
    assert "lexicon/README.md" in message


def test_a_language_without_a_lexicon_is_told_with_those_that_have_one_and_what_to_write():
    with pytest.raises(EntenteError) as refused:
        lexicon.load("tlh")

    assert "language 'tlh' has no lexicon" in str(refused.value)
    assert ", ".join(lexicon.languages()) in str(refused.value)
    assert "write lexicon/tlh.yaml as lexicon/README.md shows" in str(refused.value)


def test_a_lexicon_that_keeps_the_rules_is_read(loaded):
    """The small one that the refusals above are made from."""
    assert loaded().name == "Klingon"
    assert list(loaded().examples()) == [
        ("cues", "joint_venture", "joint venture*", "They formed a joint venture.")
    ]
