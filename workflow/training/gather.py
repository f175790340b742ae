"""Write the news that is coded here but kept in public repositories as JSON Lines, as `entente fit` reads it.

    python gather.py CLONES DATA

CLONES holds a clone of each repository below, named OWNER+NAME; what is read is the commit named here, whatever is
checked out. The texts go to DATA/gathered/SOURCE.jsonl, with the ids that ``coded/`` knows them by.
"""

import argparse
import html
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd


def agnews(files):
    """AG News: title and opening of news of 2004-05; ids by the row, from 1."""
    (table,) = files("data/ag_news_csv/test.csv")
    rows = pd.read_csv(io.BytesIO(table), header=None, dtype=str, keep_default_na=False)
    for number, (_, title, text) in enumerate(rows.itertuples(index=False), 1):
        yield number, lettered(title), lettered(text)


def lettered(text):
    """Return a text of AG News with its characters; references to them lack the ampersand there."""
    text = html.unescape(re.sub(r"\s#(\d+);", r"&#\1;", text).replace("\\", " "))
    return re.sub(r"\s+", " ", text)


def naver(files):
    """Title and opening of what a Korean search engine finds for artificial intelligence; ids by month and row."""
    for month, table in files(r"키워드 추출/\d{4}_\d분기/(\d{4}_\d\d)\.csv", named=True):
        rows = pd.read_csv(io.BytesIO(table), dtype=str, keep_default_na=False)
        for row in rows.itertuples(index=False):
            yield f"{month}-{row[0]}", row.제목, row.본문


def istoedinheiro(files):
    """Brazilian business news; ids by sheet and row of the sheet."""
    (workbook,) = files("data/dados.xlsx")
    for number, rows in enumerate(sheets(workbook), 1):
        for place, row in enumerate(rows.itertuples(index=False), 2):
            yield f"sheet{number}-{place}", row[1], row[2]


def brazeconews(files):
    """Economy desks of Brazilian news; ids by row, from 0."""
    (table,) = files("Brazilian News Database.csv")
    rows = pd.read_csv(io.BytesIO(table), sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    yield from zip(rows.index, rows["title"], rows["text"], strict=True)


def polsatnews(files):
    """Polish news; ids by row, from 0."""
    (table,) = files("Scrapper/polsatnews_articles.csv")
    rows = pd.read_csv(io.BytesIO(table), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    yield from zip(rows.index, rows["title"], rows["text"], strict=True)


def colombia(files):
    """News of two Colombian papers; ids by paper and row."""
    (table,) = files("data/scrapping_elcolombiano/data/ElColombiano_Estatico.csv")
    rows = pd.read_csv(io.BytesIO(table), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    for number, title, text in zip(rows.index, rows["titulo"], rows["cuerpo"], strict=True):
        yield f"elcolombiano-{number}", title, text
    (workbook,) = files("data/scrapping_espectador/data/noticias_elespectador (1).xlsx")
    for rows in sheets(workbook):
        for place, row in enumerate(rows.itertuples(index=False), 2):
            yield f"elespectador-{place}", row[0], row[4]


def zeitgeist(files):
    """Teasers and openings of German news; ids by line, from 0."""
    (lines,) = files("data/archive.jsonl")
    for number, line in enumerate(lines.decode().splitlines()):
        record = json.loads(line) if line.strip() else {}
        if record.get("language") == "de":
            yield number, record.get("title"), record.get("content")


def phrasebank(files):
    """Sentences of financial news about Finnish firms (Malo et al. 2014); ids by line, from 1."""
    (lines,) = files("Sentences_50Agree.txt")
    written = (line for line in lines.decode(errors="replace").splitlines() if line.strip())
    for number, line in enumerate(written, 1):
        yield number, "", line.rsplit("@", 1)[0]


def headlines(files):
    """Headlines of German business papers; ids by paper, topic and row."""
    named = r"WebScraping/HeadlinesProcessed/([A-Z][a-z]+)(Wirtschaftswoche|Handelsblatt|Welt|Zeit)\.csv"
    for topic, paper, table in files(named, named=True):
        rows = pd.read_csv(io.BytesIO(table), dtype=str, keep_default_na=False)
        for number, headline in zip(rows.iloc[:, 0], rows["title"], strict=True):
            yield f"{paper}-{topic}-{number}", "", headline


# Name: language, repository, commit, how its texts are read.
SOURCES = {
    "agnews": ("en", "mhjabreel/CharCnn_Keras", "555590db4219b1243abb1918effd6a7425a2d75f", agnews),
    "naver-ai": ("ko", "m48483/Naver-News-Crawling", "d5710475ad7a25dbbc755e30f675c558640e6d77", naver),
    "istoedinheiro": (
        "pt",
        "insper-classroom/22-2b-cd-p1-grupo_joaoogp",
        "a006db0e649f68bed6d2963c33297611bc50ca2a",
        istoedinheiro,
    ),
    "brazeconews": (
        "pt",
        "joaopaivaa/Economic-News-Classifier-NLP-Model",
        "415ad169744d462502aecaff4a15b461575d1ca8",
        brazeconews,
    ),
    "polsatnews": (
        "pl",
        "BieganM/Polish-News-Article-Classifier",
        "a6a3a41412902ad9f2b1e2dfeb232a531d64230d",
        polsatnews,
    ),
    "colombia2025": (
        "es",
        "pablo-reyes8/colombian-news-nlp-analysis",
        "3abc0cdd053e6fcf53a767d902f8aaeb2949abe3",
        colombia,
    ),
    "phrasebank": ("en", "pkatwate/finBERT", "5ca56265657fe3fc2fd6c3576aa3933f61b7a5bc", phrasebank),
    "wirtschaft-headlines": (
        "de",
        "NadineNicoleSchmitt/Analyzing-German-News-Headlines",
        "bc30e437183a8635d8ba96f0d9ad5e7fe49c0212",
        headlines,
    ),
    "zeitgeist": ("de", "Brelage/zeitgeist", "bb82e21d3d1a7dc6bf97a5c36c1381d27af009c0", zeitgeist),
}


def sheets(workbook):
    """Return the sheets of a workbook (bytes) as tables of text; their first rows are headings."""
    return pd.read_excel(io.BytesIO(workbook), sheet_name=None, dtype=str, keep_default_na=False).values()


def files_of(clone, commit):
    """Return a function that yields the files (bytes) of a commit whose paths are a given one, or match a pattern."""

    def git(*arguments):
        command = ["git", "-C", str(clone), "-c", "core.quotePath=false", *arguments]
        return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603

    paths = git("ls-tree", "-r", "--name-only", commit).decode().splitlines()

    def files(wanted, named=False):
        for path in paths:
            match = re.fullmatch(wanted if named else re.escape(wanted), path)
            if match:
                content = git("show", f"{commit}:{path}")
                yield (*match.groups(), content) if named else content

    return files


def plain(text):
    """Return a text without markup, its blanks and blank lines single."""
    text = html.unescape(text or "")
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    text = re.sub(r"<br\s*/?>|</p>|</div>|</li>|</h\d>", "\n", text, flags=re.IGNORECASE)
    text = re.sub(r"</?[a-zA-Z][^>]{0,500}>", " ", text).replace("\xa0", " ").replace("\u200b", "")
    return re.sub(r" *\n\s*", "\n", re.sub(r"[ \t\r]+", " ", text)).strip()


def main(clones, data):
    """Write each source's texts; none if a clone is lacking."""
    for _, repository, _, _ in SOURCES.values():
        name = repository.replace("/", "+")
        if not Path(clones, name).is_dir():
            sys.exit(
                f"{clones}: no {name}; clone the repository {repository} of GitHub there under this name"
            )
    folder = Path(data, "gathered")
    folder.mkdir(parents=True, exist_ok=True)
    for name, (language, repository, commit, read) in SOURCES.items():
        clone = Path(clones, repository.replace("/", "+"))
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for number, title, text in read(files_of(clone, commit)):
                record = {
                    "id": f"{name}-{number}",
                    "language": language,
                    "title": plain(title),
                    "text": plain(text),
                }
                file.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clones", help="folder of the clones")
    parser.add_argument("data", help="the folder that `entente fit` takes as --data")
    main(**vars(parser.parse_args()))
