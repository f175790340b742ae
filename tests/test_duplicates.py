"""Copies are recognised, exact and near, whatever the order in which documents come."""

import hashlib
import random

import pytest
from entente import duplicates
from entente.duplicates import Key, find, signature

WORDS = [f"word{number}" for number in range(2_000)]


def key(name, text):
    return Key(name, hashlib.sha256(text.encode()).hexdigest(), signature(text))


def story(seed, length=250):
    return random.Random(seed).choices(WORDS, k=length)


def changed(words, share, seed):
    """Return *words* with that share of them replaced."""
    rng = random.Random(seed)
    words = list(words)
    for place in rng.sample(range(len(words)), round(share * len(words))):
        words[place] = rng.choice(WORDS)
    return words


def test_an_exact_copy_is_a_duplicate_of_the_first():
    found = find([key("b", "Sony."), key("a", "Sony."), key("c", "Sony."), key("d", "Nokia.")])

    assert [(one.document, one.duplicate_of, one.similarity) for one in found] == [
        ("b", "a", 1),
        ("c", "a", 1),
    ]


def test_lightly_edited_copies_are_found_and_other_stories_are_not():
    """Of copies with 1 % of the words replaced all; the stories themselves are drawn at random."""
    originals = {f"a{number:03}": story(number) for number in range(200)}
    copies = {f"b{name}": changed(words, 0.01, name) for name, words in originals.items()}
    keys = [key(name, " ".join(words)) for name, words in (originals | copies).items()]

    assert {one.document: one.duplicate_of for one in find(keys)} == {f"b{name}": name for name in originals}


def test_copies_are_found_where_all_texts_share_a_form(monkeypatch):
    """Half of each text is the form. However few of those that share it are kept track of, copies share more."""
    monkeypatch.setattr(duplicates, "MOST", 1)
    form = story("form", 125)
    originals = {f"a{number:03}": [*form, *story(number, 125)] for number in range(200)}
    copies = {f"b{name}": changed(words, 0.01, name) for name, words in originals.items()}
    keys = (key(name, " ".join(words)) for name, words in (originals | copies).items())

    assert {one.document: one.duplicate_of for one in find(keys)} == {f"b{name}": name for name in originals}


@pytest.mark.parametrize(
    "text",
    [
        "新会社を設立し、半導体の共同開発を進めることで基本合意した",
        "双方签署战略合作框架协议共同开发新能源汽车",
    ],
)
def test_scripts_without_spaces_are_compared_by_characters(text):
    long = "".join(f"{text}{number}社" for number in range(20))

    [found] = find([key("a", long), key("b", long.replace("3社", "三社"))])

    assert found.document == "b"
    assert 0.6 <= found.similarity < 1


def test_the_order_of_documents_does_not_matter():
    keys = [key(f"{number}", " ".join(changed(story(number % 5), 0.02, number))) for number in range(40)]
    expected = find(keys)

    assert expected
    for seed in range(5):
        random.Random(seed).shuffle(keys)
        assert find(keys) == expected


def test_a_copy_of_a_copy_is_told_to_be_of_the_original():
    original = " ".join(story(1))
    copy = " ".join(changed(story(1), 0.01, 1))

    found = find([key("a", original), key("b", copy), key("c", copy)])

    assert [(one.document, one.duplicate_of) for one in found] == [("b", "a"), ("c", "a")]
    assert found[0].similarity == found[1].similarity < 1


def test_short_texts_that_share_a_form_are_no_copies():
    form = "Qtly div {} cts vs {} cts prior Pay April {} Record March {}"
    keys = [key(str(number), form.format(number, number, number, number)) for number in range(9)]

    assert find(keys) == []
    assert {one.signature for one in keys} == {""}


def test_the_similarity_estimates_the_share_of_common_shingles():
    """Two texts of 3,000 words that share 2,500 in one run: 2,496 of 3,496 groups of five words."""
    words = [f"w{number}" for number in range(3_500)]

    [found] = find([key("a", " ".join(words[:3_000])), key("b", " ".join(words[500:]))])

    assert found.similarity == pytest.approx(2_496 / 3_496, abs=0.12)  # three standard errors


def test_a_signature_never_changes():
    """Documents of earlier runs stay comparable."""
    digest = hashlib.sha256(signature(" ".join(WORDS[:100])).encode()).hexdigest()

    assert digest.startswith("7f2899efe48a")


def test_nothing_has_no_duplicates():
    assert find([]) == []
