"""Read what a contract opens with: its heading, and the preamble that names its parties."""

import re
from dataclasses import dataclass
from functools import cache, cached_property

from entente import lexicon
from entente.contract_formulas import load
from entente.names import normal, plain, same

OPENING = 15_000  # characters in which a contract names its parties: a table of contents may come before
PREAMBLE = 3_000  # characters in which a preamble ends
HEADING = 6_000  # characters in which its heading stands


@dataclass(frozen=True)
class Party:
    """A party as the preamble names it: ``text[start:end]``, and what it is called from there on."""

    name: str
    start: int
    end: int
    alias: str | None
    organisation: bool

    @cached_property
    def formed(self):
        """Whether the name has a legal form."""
        return has_form(self.name)


QUOTED = re.compile(r"[\"“”„«‘'「]+\s?(?!the |The )?([^\"“”„«»‘’'」()]{1,40}?)\s?[\"“”»’'」]")
BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
ITEM = re.compile(r"[(（](?:\d{1,2}|[a-z]|[ivx]+)[)）]|(?<=\n)\d{1,2}[.)](?=\s)")
JUNK = re.compile(r"[\s:：;,，、.。\-–—_*•]+|\d{1,2}[.)]\s")
NOTE = re.compile(r"[(（][^()（）\n]{1,20}[)）]")
NUMBERED = re.compile(r"[(（](?:\d{1,2}|[a-z]|[ivx]+)[)）]")
BARE = re.compile(r"[(（]\s?([^\W\d_a-z][^()（）,]{1,25}?)\s?[)）]")
END = '";“”„«»‘:：；。，、(（)）{}[]<>|_'


def has_form(name):
    """Tell whether a name has a legal form at its end, in Chinese and Japanese also at its start.

    >>> has_form("Acme Inc."), has_form("Acme Works"), has_form("Insurance Corporation of America")
    (True, False, True)
    """
    # With a word before it, a form is not taken for a name: CO 80206
    return any(normal(f"x {part}") != plain(f"x {part}") for part in (name, name.partition(" of ")[0]))


@cache
def grammar(language):
    """Return the expressions for where a name ends, for a bracket inside a name, and for what is before a name."""
    known = load(language)
    forms = {
        re.escape(written).replace(r"\ ", r"\s")
        for other in lexicon.languages()
        for form in lexicon.load(other).legal_forms
        for written in (form, form.upper(), *([form.lower()] if len(form) > 2 else []))
    }
    form = rf"(?:{'|'.join(sorted(forms, key=len, reverse=True))})(?!\w)"
    firm = rf"\s[A-Z][\w-]+ & [A-Z][\w-]+,? {form}"  # Stratton, Cheeseman & Walsh, Inc.
    end = re.compile(
        rf"(?P<mark>[{re.escape(END)}]|\d{{4}})|(?P<comma>,)(?!\s?{form}(?!\s\d)|{firm})|(?P<line>\n)"
        rf"|(?P<stop>\.\s(?=[^\W\d_a-z]))"
        rf"|(?P<and>(?i:{known.pattern('separators')}))|(?<=\s)(?P<word>{known.pattern('breaks')})"
        rf"|(?P<label>(?i:{known.pattern('labels')}))"
    )
    inner = re.compile(rf"([(（][^()（）]{{1,25}}[)）]),?\s?{form}")
    before = "|".join(known.pattern(field) for field in ("prefixes", "openers", "separators"))
    return end, inner, re.compile(rf"(?i:{before})[\s:]+")


def name_end(text, start, end, language, sure):
    """Return where a name that starts at *start* ends, at *end* at the latest; only in a *sure* place it may hold "and"."""
    ending, inner, _ = grammar(language)
    position = start
    while match := ending.search(text, position, end):
        left = text[start : match.start()]
        if bracket := inner.match(text, match.start()):
            position = bracket.end(1)
        elif not left.strip() or goes_on(text, left, match, end, language, sure):
            position = match.end()
        else:
            return match.start()
    return end


def goes_on(text, left, match, end, language, sure):
    """Tell whether a name goes on after what *match* found, which ends most names; *left* is the name so far."""
    if match["line"]:
        return not line_ends_name(text, left, match.end(), language)
    if match["and"]:
        return sure and joins(text, left, match, end, language)
    initial = len(left.split()[-1]) < 4 and (" " not in left or not has_form(left))
    return bool(match["stop"]) and initial


def line_ends_name(text, left, following, language):
    """Tell whether a name ends with its line: it is complete, or the next line is an address or has a label."""
    if load(language).script == "characters" or has_form(left):
        return True
    return bool(re.match(r"\d|[^\n]{0,40}:|\W*\n", text[following : following + 50]))


def joins(text, left, match, end, language):
    """Tell whether "and" stands inside a name: what is before it has no legal form, but what follows has."""
    following = match.end()
    alone = text[match.start() - 1] == "\n" == text[following : following + 1]
    if alone or has_form(left) or len(left.split()) > 5:
        return False
    if load(language).find("bodies", left):
        return True
    after = grammar(language)[0].search(text, following, end)
    right = text[following : after.start() if after else end].strip()
    words = lexicon.load(language).organisation_words
    complete = " " not in left.strip() or any(word in words for word in left.split())
    return right[:1].isupper() and has_form(right) and not complete


def starts(text, start, end, language):
    """Return where names may start in ``text[start:end]``: {position: whether the place is a sure one}."""
    known = load(language)
    brackets = [m.span() for m in BRACKETS.finditer(text, start, end) if not NUMBERED.fullmatch(m.group())]
    found = {m.end(): False for m in re.compile(r"[,，]|(?<=[,;:.)\-_])\s?\n").finditer(text, start, end)}
    found |= {m.end(): True for m in re.compile(r"[;；]").finditer(text, start, end)}
    found |= {m.end(): True for m in ITEM.finditer(text, start, end)}
    joints = known.find("separators", text, start, end)
    for joint in joints:  # instead of a comma or a line's end before it
        found.pop(joint.start, None)
        found.pop(joint.start - 1, None)
    found |= {joint.end: True for joint in [*joints, *labels(text, start, end, known)]}
    found[start] = True
    return {
        position: sure
        for position, sure in sorted(found.items())
        if not any(left < position < right for left, right in brackets)
    }


def parties(text, start, end, language):
    """Return the Parties that a preamble, ``text[start:end]``, names, in order.

    >>> text = "Acme Inc., a Delaware corporation (“Acme”), and Beta Smith and Sons Ltd, with offices in Rome, and John Doe"
    >>> [(party.name, party.alias) for party in parties(text, 0, len(text), "en") if party.organisation]
    [('Acme Inc.', 'Acme'), ('Beta Smith and Sons Ltd', None)]
    """
    places = starts(text, start, end, language)
    found, reached = [], start
    sure = [*(place for place, sure in places.items() if sure), end]
    for place in places:
        if place < reached:
            continue
        party = party_at(text, place, end, sure, language)
        if party is not None:
            reached = party.end
            taken = {normal(name) for other in found for name in (other.name, other.alias or other.name)}
            if normal(party.name) not in taken:
                found.append(party)
    return found


def party_at(text, place, end, sure, language):
    """Return the Party whose name starts at *place*, or None; without a legal form it needs a place among the *sure*."""
    known = load(language)
    before = text[max(0, place - 60) : place].rstrip(" ,:\n")
    if any(hit.end >= len(before) for hit in known.find("units", before)):
        return None
    start = skipped(text, place, end, language, place in sure)
    stop = name_end(text, start, min(end, start + 150), language, place in sure)
    written = text[start:stop].rstrip(" ,\n-–")
    written = written if has_form(written) else written.rstrip(".")
    name = " ".join(written.split())
    stop = start + len(written)
    if not is_name(name, known) or (place not in sure and not has_form(name)):
        return None
    following = next((other for other in sure if other > stop), end)
    after = text[stop : min(following, stop + 400)]
    alias = QUOTED.search(after) or BARE.search(after)
    if not has_form(name) and not (alias or known.find("described", after)):
        return None
    return Party(
        name, start, stop, alias[1].strip() if alias else None, is_organisation(name, after, language)
    )


def skipped(text, place, end, language, sure):
    """Return where a name really starts: after punctuation and, in a *sure* place only, words such as "the"."""
    prefix = grammar(language)[2]
    while match := JUNK.match(text, place, end) or (
        sure and (NOTE.match(text, place, end) or prefix.match(text, place, end))
    ):
        place = match.end()
    return end if prefix.match(text, place, end) else place


def is_name(name, known):
    """Tell whether a stretch of text can be a name at all."""
    if not 1 < len(name) <= 120 or len(name.split()) > 14 or not re.search(r"[^\W\d_]{2}", name):
        return False
    if known.find("nouns", name) or re.fullmatch(f"(?i:{known.pattern('not_names')})", name):
        return False
    first, last = name.split()[0], name.split()[-1]
    if normal(f"x {name}") == "x" or (
        len(last) > 6 and last.islower()
    ):  # a form alone; a Delaware corporation
        return False
    return not first[0].islower() or (bool(re.search(r"[.A-Z\d]|^\w-", first)) and has_form(name))


def is_organisation(name, after, language):
    """Tell an organisation from a natural person, by its name and what follows that."""
    known = load(language)
    words = lexicon.load(language).organisation_words
    if has_form(name) or any(word in words for word in name.split()):
        return True
    if known.find("persons", f"{name} {after[:60]}"):
        return False
    return bool(known.find("described", after)) or " " not in name or len(name.split()) > 3


def regions(text, language):
    """Yield the stretches that may be a preamble: after each opener, and after the first label."""
    known = load(language)
    limit = min(len(text), OPENING)
    openers = [hit.end for hit in known.find("openers", text, 0, limit)]
    for start in sorted(openers + [hit.start for hit in labels(text, 0, limit, known)[:1]]):
        yield start, region_end(text, start, known)


def labels(text, start, end, known):
    """Return the Hits of labels such as "Party A:" in a stretch of text."""
    return [
        h
        for h in known.find("labels", text, start, end)
        if text[h.end : h.end + 2].lstrip()[:1] in {":", "："}
    ]


def region_end(text, start, known):
    """Return where a preamble that starts at *start* ends."""
    limit = min(len(text), start + PREAMBLE)
    brackets = [m.span() for m in BRACKETS.finditer(text, start, limit)]
    ends = (hit.start for hit in known.find("ends", text, start, limit))
    return next((at for at in ends if not any(left < at < right for left, right in brackets)), limit)


def preamble(text, language):
    """Return (start, end, Parties) of the stretch that names the parties.

    The first that names two organisations and what they are called from there on; else the first with two; else the
    text after the heading; else the signatures; else the first with one.
    """
    found = [(start, end, parties(text, start, end, language)) for start, end in regions(text, language)]
    best = next((f for f in found if len(named(f)) > 1 and any(p.alias for p in f[2])), None)
    best = best or after_heading(text, language) or next((f for f in found if len(named(f)) > 1), None)
    if best:
        return best
    signed = signatures(text, language)
    one = next((f for f in found if named(f)), None)
    return (signed if signed and len(signed[2]) > 1 else one or signed) or (0, 0, [])


def named(candidate):
    """Return the organisations of a candidate preamble."""
    return [party for party in candidate[2] if party.organisation]


def after_heading(text, language):
    """Return as `preamble` the text after the heading, if it names two parties with their legal forms."""
    start = heading(text, language)[1]
    end = region_end(text, start, load(language))
    found = [party for party in parties(text, start, end, language) if party.formed]
    return (start, end, found) if len(found) > 1 else None


def signatures(text, language):
    """Return as `preamble` the signatures: lines that are a name with its legal form."""
    hits = load(language).find("signatures", text)
    start = hits[-1].start if hits else len(text)
    found = []
    for match in re.finditer(r"[^\n]+", text[start : start + PREAMBLE]):
        written = match.group().strip(" :,")
        if has_form(written) and len(written.split()) < 9 and is_name(written, load(language)):
            at = start + match.start() + match.group().index(written)
            if not any(same(written, other.name) for other in found):
                found.append(Party(written, at, at + len(written), None, True))
    return (start, min(len(text), start + PREAMBLE), found) if found else None


def heading(text, language):
    r"""Return the heading of a contract, on one line, and where it ends; an empty string if none is found.

    >>> heading("SECOND AMENDMENT\nTO\nSUPPLY AGREEMENT\nThis Agreement is made", "en")[0]
    'SECOND AMENDMENT TO SUPPLY AGREEMENT'
    """
    known = load(language)
    lines = list(re.finditer(r"[^\n]+", text[:HEADING]))
    for number, line in enumerate(lines):
        if known.find("nouns", line.group()) and is_heading(line.group(), known):
            first = number
            while first > max(0, number - 3) and is_heading(lines[first - 1].group(), known):
                first -= 1
            return " ".join(text[lines[first].start() : line.end()].split()), line.end()
    hit = next(iter(known.find("nouns", text, 0, min(len(text), HEADING))), None)
    if hit is None:
        return "", 0
    start = max(0, hit.start - 80)
    return " ".join(text[start : hit.end].split()), hit.end


def is_heading(line, known):
    """Tell whether a line looks like a part of a heading: short, in capitals, without an end or a party's name."""
    words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 3] or re.findall(r"[^\W_]+", line)
    if (
        not words
        or len(line) > 120
        or line[-1] in ".;:：。；"
        or has_form(line)
        or "[" in line
        or '"' in line
    ):
        return False
    if known.script == "characters":
        return len(line) <= 40
    return sum(word[0].isupper() for word in words) >= 0.6 * len(words)
