"""Tell where a name ends, in scripts with capital letters: which small words, marks and brackets are inside it."""

import re
from collections import defaultdict
from functools import cache
from itertools import pairwise, takewhile

from entente import well_known
from entente.capital_words import counted, is_capital
from entente.names import normal, plain

_NAME_AND_NOUN = re.compile(r"(?=\w*[A-Z]\w)(\w[\w&.-]*)[-‐–]([^\W\d_]{3,})")
_OF = frozenset(("of", "de", "di", "do", "da"))  # what an article may follow inside a name
REACH = 8  # tokens of a run that are looked at: more would make long runs dear
# Words that stop-word lists have and that stand after a genitive all the same.
_AFTER_GENITIVE = frozenset(
    ("own", "other", "most", "next", "last", "many", "several", "full", "top", "various", "only", "former")
)


def before_noun(word, known):
    """Return the name that *word* begins with, if a hyphen and what the name has or is follow, or None.

    Shell-pompen, Storebrand-utfordreren; VW-Konzern, where nouns begin with a capital letter, but not DZ-Bank.
    """
    hit = _NAME_AND_NOUN.fullmatch(word)
    if not hit or hit[2].islower():
        return hit and hit[1]
    if not known.compound_nouns:
        return None
    name, noun = hit[1], hit[2].casefold()
    listed = noun in known.compound_nouns or noun in known.offices or known.is_no_name(noun)
    common = listed or (noun in known.common and noun not in known.heads)
    little = known.says_little([name]) or known.is_no_name(name.casefold())
    return name if common and not little else None


def bracket_end(doc, i):
    """Return the index of the ">" that closes the bracket opened right before *i*, or None: wire style for a whole name."""
    if i and doc[i - 1].text == "<":
        return next((k for k in range(i + 1, min(i + 14, len(doc))) if doc[k].text == ">"), None)
    return None


def run_end(doc, i, known, met):
    """Return the index after the run of name tokens that begins at *i*."""
    j, ended = i + 1, plain(doc[i].text) in known.legal
    while j < len(doc):
        word, glued = doc[j].text, not doc[j - 1].whitespace_
        following = doc[j + 1].text if j + 1 < len(doc) else ""
        if word in {"'s", "’s"} and glued and _keeps_s(doc, j, known):
            j, ended = j + 1, not (is_capital(following) and plain(following) in known.legal)
            continue
        if _ends_run(doc, j, known, met):
            break
        if is_capital(word) and plain(word) in known.legal:
            ended, j = True, j + 1
        elif closing := _legal_form_behind_bracket(doc, j, known):
            ended, j = True, closing + 1
        elif _is_inside_known(doc, i, j):
            j += 2
            ended = plain(doc[j - 1].text) in known.legal
        elif ended:
            break
        elif is_capital(word) or (word == "," and is_capital(following) and plain(following) in known.legal):
            j += 1
        elif word.casefold() in known.connectors and _and_belongs(doc, i, j, known):
            j += 2
            ended = plain(doc[j - 1].text) in known.legal
        elif doc[j - 1].text.endswith("-") and word.casefold() in known.connectors and is_capital(following):
            j += 2
        elif word in known.joiners and (joined := _joined_at(doc, i, j, known)):
            j = joined + 1
            ended = plain(doc[joined].text) in known.legal
        else:
            break
    return j


def _ends_run(doc, j, known, met):
    """Tell whether no name goes on at *j*: after a genitive, or at an office, a genitive's sign or a line's end."""
    word, last, glued = doc[j].text, doc[j - 1].text, not doc[j - 1].whitespace_
    return (
        "\n" in word
        or (word.casefold() in known.offices and not _is_country_of_name(doc, j, known))
        or (word in {"'s", "’s", "'", "’"} and glued)
        or is_genitive(last, known, met)
        or (before_noun(last, known) is not None and plain(word) not in known.legal)
    )


def is_genitive(word, known, met):
    """Tell whether *word* is a name with an ending that the text has without it too: Boschs, beside Bosch."""
    if not word.endswith(known.particles) or word[:-1] not in met:
        return False
    folded = word.casefold()  # a plural, not a name
    return folded not in known.heads and folded not in known.common


def _is_country_of_name(doc, j, known):
    """Tell whether the office at *j* is a country's acronym inside a name: Air U.K. Ltd, but not Acme's U.S. President."""
    closes = j + 1 < len(doc) and is_capital(doc[j + 1].text) and plain(doc[j + 1].text) in known.legal
    return closes and "." in doc[j].text


def _keeps_s(doc, j, known):
    """Tell whether the 's at *j* is part of the name: no genitive, since what follows begins no noun phrase."""
    if j + 1 == len(doc):
        return False
    following = doc[j + 1]
    if following.text in {",", ".", ";", ")"} or plain(following.text) in known.legal:
        return True
    return following.is_stop and not following.like_num and following.text not in _AFTER_GENITIVE


def _legal_form_behind_bracket(doc, j, known):
    """Return the index of the legal form behind a bracket at *j* that is inside a name, or None: Acme (Norway) Ltd.

    An acronym of what stands before is not: Volkswagen (VW) AG.
    """
    inside = list(takewhile(is_capital, (token.text for token in doc[j + 1 : j + 4])))
    form = j + len(inside) + 2
    if doc[j].text != "(" or not inside or form >= len(doc) or doc[form - 1].text != ")":
        return None
    name = " ".join(inside)
    if name.isupper() and "." not in name and plain(name) not in known.places:
        return None
    closes = is_capital(doc[form].text) and plain(doc[form].text) in known.legal
    return form if closes and not doc[form].is_sent_start else None


def _joined_at(doc, i, j, known):
    """Return where the capitalised token stands that the joiner at *j* joins to the name from *i*, or None."""
    word, run = doc[j].text, range(max(i, j - REACH), j)
    at = j + 1
    if word in _OF and at < len(doc) and doc[at].is_stop and doc[at].is_lower:  # de los Andes, of the West
        at += 1
    if at >= len(doc) or not is_capital(doc[at].text):
        return None
    if word in {"-", "/", "+", "'"} and (doc[j - 1].whitespace_ or doc[j].whitespace_):
        return None
    # "Banco de Bilbao" is one name, "Super App de Movii" is not; "Høgskolen i Oslo" is, "Danske Bank i Oslo" is not.
    headed = any(doc[k].text.casefold() in known.heads for k in run)
    if (word.isalpha() and not headed) or (word == "i" and len(run) > 1):
        return None
    return at


@cache
def _joined_names():
    """Return the well-known names with a small word inside: {(small word, word before, word after): [(name, place)]}.

    Words and names are folded; the place is where the word before stands in the name.
    """
    found = defaultdict(list)
    for name in well_known.names():
        words = [(hit.start(), hit[0]) for hit in re.finditer(r"\w+", name)]
        for (place, left), (_, word), (_, right) in zip(words, words[1:], words[2:], strict=False):
            if word.islower():
                found[word, left.casefold(), right.casefold()].append((name.casefold(), place))
    return found


def _is_inside_known(doc, i, j):
    """Tell whether the word at *j* is a small one inside a well-known name that the run from *i* goes on with."""
    if j + 1 == len(doc):
        return False
    before, after = (re.findall(r"\w+", doc[k].text.casefold()) for k in (j - 1, j + 1))
    for name, place in _joined_names().get((doc[j].text.casefold(), *before[-1:], *after[:1]), ()):
        start = doc[j - 1].idx + doc[j - 1].text.casefold().rindex(before[-1]) - place
        # By the tokens, for the text of the whole document is joined anew whenever it is asked for.
        span = doc.char_span(start, start + len(name)) if start >= doc[i].idx else None
        if span is not None and span.text.casefold() == name:
            return True
    return False


def _and_belongs(doc, i, j, known):
    """Tell whether the "and" at *j* is part of the name from *i*: what follows is no name by itself."""
    k = j + 1
    while k < min(j + 5, len(doc)) and is_capital(doc[k].text) and plain(doc[k].text) not in known.legal:
        k += 1
    right = [doc[n].text for n in range(j + 1, k)]
    single = j == i + 1 and len(right) == 1
    if single and _never_apart(doc, j, known):
        return True
    closed = k < len(doc) and is_capital(doc[k].text) and plain(doc[k].text) in known.legal
    if not closed:
        further = doc[k].text if k < len(doc) else ""
        return bool(right) and further not in known.joiners and _goes_on(doc, i, j, right, known)
    further = doc[k + 1].text if k + 1 < len(doc) else ""
    if not right and is_capital(further) and plain(further) not in known.legal:
        return False
    # With one word on either side, newswires write no ticker behind two firms' names: Procter and Gamble Co <PG>.
    alone = single and any(t.text == "<" for t in doc[k + 1 : k + 3])
    twice = bool(right) and doc[j - 1].text == right[0]  # Johnson and Johnson Inc
    return alone or twice or known.says_little(right)


def _goes_on(doc, i, j, right, known):
    """Tell whether the words *right* of the "and" at *j* go on with the name from *i*, although no legal form closes it.

    One common word does after an organisation's word with "of" or the like (Bureau of Standards and Technology),
    organisations' words do after such a one (Graham-McCormick Oil and Gas Partnership).
    """
    left = [doc[n].text.casefold() for n in range(max(i, j - REACH), j)]
    if normal(" ".join(right)) in well_known.known():
        return False
    if any(a in known.heads and b.isalpha() and b in known.joiners for a, b in pairwise(left)):
        return len(right) == 1 and known.says_little(right)
    return len(left) > 1 and known.heads.issuperset([left[-1], *(word.casefold() for word in right)])


def _never_apart(doc, j, known):
    """Tell whether the text has the words around the "and" at *j* again, once with a legal form, and neither alone."""
    left, right = doc[j - 1].text, doc[j + 1].text
    counts = counted(doc)
    together = counts.words[left] == counts.words[right] == counts.around[left, right] > 1
    return together and any(plain(word) in known.legal for word in counts.following[left, right])
