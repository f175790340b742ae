"""Check what a coder filled in against the texts and the codebook, and make gold of it.

A record of it has the document's inclusion probability, which the coder did not see, from the sample's file.
Nothing is mended and nothing is dropped: all faults are told, each with its place and what to do.
"""

import calendar
import re
from pathlib import Path

from pydantic import ValidationError

from entente import cli, coding, sample
from entente.codebook import equity_status
from entente.coding_form import CHOICES, REPORTS, codes
from entente.errors import EntenteError
from entente.records import Gold
from entente.text import normalise


class Coded(Gold):
    """Gold that a coder made of a document of a sample. ``stratum`` is null in a sample of mentions."""

    corpus: str
    coder: str
    stratum: str | None
    inclusion_probability: sample.Probability


def read(path, drawn=None, coder=None, *, partial=False):
    """Return what was coded, as gold, from a workbook, a page's file or Label Studio's export.

    Parameters
    ----------
    path : Path
    drawn : list of sample.Drawn
        The sample; by default sample.jsonl beside *path*.
    coder : str
        Who coded; by default whom the file names.
    partial : bool
        Whether documents may be missing. The probabilities hold for the whole sample, not for a part of it.

    Returns
    -------
    list of Coded
        By coder and document.

    Raises
    ------
    EntenteError
        If anything is wrong: all faults, a line each, with place and remedy.
    """
    drawn = list(cli.read(Path(path).with_name("sample.jsonl"), sample.Drawn)) if drawn is None else drawn
    units = {unit.document: unit for unit in drawn}
    found, faults = {}, []
    for row in coding.opened(path):
        who, place = (coder or row.coder).strip(), row.place
        if row.document not in units:
            faults.append(
                f"{place}: {row.document!r} is not in the sample; give the sample that it was drawn in"
            )
        elif not row.reports:
            if not partial:
                faults.append(
                    f"{place}: not coded; choose whether it reports an alliance, or import with --partial"
                )
        elif not who:
            faults.append(f"{path}: no coder's name; write it where the sheet asks for it, or give --coder")
        elif (who, row.document) in found:
            faults.append(f"{place}: coded twice by {who}; keep one of the two")
        else:
            gold, own = checked(row, units[row.document], who)
            faults += own
            found[who, row.document] = gold
    missing = sorted(units.keys() - {document for _, document in found})
    if missing and not faults and not partial:
        faults.append(
            f"{path}: {len(missing)} documents of the sample are not in it, such as {missing[0]}; "
            "code them, or import with --partial"
        )
    if faults:
        raise EntenteError("\n".join(dict.fromkeys(faults)))
    return [found[key] for key in sorted(found)]


def checked(row, unit, coder):
    """Return (Coded, faults) of what a *coder* says of a document, a Row."""
    place, whole, faults = row.place, f"{row.title}\n{row.text}", []
    if row.reports not in REPORTS:
        faults.append(f"{place}: reports is {row.reports!r}; write {' or '.join(REPORTS)}")
    if row.reports == "alliance" and not row.alliances:
        faults.append(f"{place}: it reports an alliance, and none is coded; code it, or write none")
    if row.reports == "none" and row.alliances:
        faults.append(
            f"{place}: it reports none, and {len(row.alliances)} are coded; remove them, or write alliance"
        )
    if row.reports == "none" and not row.non_alliance:
        faults.append(f"{place}: non_alliance is empty; choose what seems an alliance here, or other")
    if row.reports == "alliance" and row.non_alliance:
        faults.append(
            f"{place}: non_alliance is {row.non_alliance!r} of a document with an alliance; empty it"
        )
    for attribute in ("non_alliance", "genre"):
        faults += no_code(place, attribute, getattr(row, attribute)) if getattr(row, attribute) else []
    alliances = []
    for given in row.alliances:
        alliance, own = checked_alliance(given, whole)
        alliances.append(alliance)
        faults += own
    if faults:
        return None, faults
    try:
        coded = Coded(
            id=unit.document.partition("/")[2],
            corpus=unit.corpus,
            genre=row.genre or None,
            alliances=alliances,
            non_alliance=row.non_alliance or None,
            note=row.note,
            coder=coder,
            stratum=unit.stratum if unit.id == unit.document else None,
            inclusion_probability=unit.document_probability,
        )
    except ValidationError as fault:
        return None, [f"{place}: {cli.describe(fault)}; correct it"]
    return coded, []


def no_code(place, attribute, value):
    """Return a list: the fault, if *value* is no code of the attribute."""
    if value in codes(attribute):
        return []
    return [f"{place}: {attribute} is {value!r}; choose one of {', '.join(codes(attribute))}"]


def checked_alliance(given, whole):
    """Return (a dict for GoldAlliance, faults) of an alliance as coded in a document with the text *whole*."""
    place, faults = given.place, []
    for attribute in CHOICES:
        faults += no_code(place, attribute, getattr(given, attribute))
    for code in given.functions:
        faults += no_code(place, "functions", code)
    quotes = {name: getattr(given, name) for name in ("partners", "evidence")}
    quotes["venture_name"] = [given.venture_name] if given.venture_name else []
    for name, words in quotes.items():
        quotes[name] = [verbatim(quote, whole) for quote in words]
        faults += [
            f"{place}: {name}: {quote[:80]!r} does not stand in the text; copy it from there"
            for quote, stands in zip(words, quotes[name], strict=True)
            if stands is None
        ]
        if not words and name != "venture_name":
            faults.append(f"{place}: no {name}; give one at least, word for word from the text")
    stakes = []
    for stake in given.stakes:
        stakes.append(holding(stake, whole))
        if stakes[-1] is None or stakes[-1]["holder"] not in quotes["partners"]:
            shown = stake if isinstance(stake, str) else f"{stake.holder}; {stake.percent}"
            faults.append(
                f"{place}: stake {shown!r}; write a partner, percent over 0 to 100, and target: 'Sony; 50'"
            )
    if given.date and not is_date(given.date):
        faults.append(
            f"{place}: date is {given.date!r}; write 2001-04-24, 2001-04 or 2001, in a cell of text"
        )
    years = number(given.term_years) if given.term_years else None
    if given.term_years and not (years and years > 0):
        faults.append(f"{place}: term_years is {given.term_years!r}; write a number of years, such as 5")
    return {
        "alliance": given.alliance or None,
        "partners": quotes["partners"],
        "venture_name": (quotes["venture_name"] or [None])[0],
        "form": given.form,
        "equity_status": equity_status(given.form) if given.form in codes("form") else "",
        "functions": [code for code in codes("functions") if code in given.functions],
        "value_chain": given.value_chain,
        "stakes": stakes,
        "status": given.status,
        "date": given.date or None,
        "term_years": years,
        "evidence": quotes["evidence"],
    }, faults


def verbatim(words, whole):
    r"""Return *words* as they stand in the text *whole*, where a blank may be a line's end; None if they do not.

    >>> verbatim("Sony  Ericsson", "of Sony\nEricsson"), verbatim("Nokia", "of Sony")
    ('Sony\nEricsson', None)
    """
    pattern = r"\s+".join(map(re.escape, normalise(words).split()))
    found = re.search(pattern, whole) if pattern else None
    return found and found[0]


def holding(stake, whole):
    """Return a stake, a Holding, as GoldAlliance has it; None if it is none."""
    if isinstance(stake, str):
        return None
    percent, target = number(stake.percent), stake.target or "venture"
    if target != "venture":
        target = verbatim(target, whole)
    if not (percent and 0 < percent <= 100 and target):
        return None
    return {"holder": verbatim(stake.holder, whole), "percent": percent, "target": target}


def number(text):
    """Return the finite number that *text* says, with a point or a comma; None if it says none.

    >>> number("33,3"), number(50), number("half"), number("1e999")
    (33.3, 50.0, None, None)
    """
    found = re.fullmatch(r"\d{1,9}([.,]\d{1,9})?", str(text).strip())
    return float(found[0].replace(",", ".")) if found else None


def is_date(text):
    """Tell whether *text* is a date, whole or in part.

    >>> is_date("2001-04"), is_date("2001-02-29"), is_date("2001-04-24 00:00")
    (True, False, False)
    """
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text, re.ASCII)
    if not found or found[1] == "0000":
        return False
    year, month, day = (int(part or 1) for part in found.groups())
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def first_and_second(coded):
    """Return ({document: its first coding}, {document: its second}), of a list of Coded in the order of the files.

    Raises
    ------
    EntenteError
        If a document was coded three times, or twice by one coder.
    """
    rounds = {}, {}
    for gold in coded:
        document = f"{gold.corpus}/{gold.id}"
        earlier = [own[document] for own in rounds if document in own]
        if gold.coder in [one.coder for one in earlier] or len(earlier) == 2:
            raise EntenteError(
                f"{document}: coded by {', '.join(one.coder for one in earlier)} and again by {gold.coder}; "
                "import one coding each of two coders"
            )
        rounds[len(earlier)][document] = gold
    return rounds
