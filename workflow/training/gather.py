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
import zlib
from pathlib import Path

import pandas as pd
import yaml


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


def tdnet(files):
    """Titles of disclosures at the Tokyo exchange after the firm's name; ids by day, stock code and document."""
    for day, records in files(r"docs/data/(\d{4}-\d\d-\d\d)\.json", named=True):
        for record in json.loads(records)["items"]:
            title = record["title"]
            document = Path(record["pdf_url"]).stem or zlib.crc32(title.encode())
            firm = record["company_name"].removeprefix("Ｇ－")
            title = re.sub("^「([^「」]*)」$", r"\1", title)
            yield f"{day}-{record['code']}-{document}", "", f"{firm}：{title}"


BARRED = ("読売新聞", "日本経済新聞")  # papers whose terms forbid it, as the source says


def frontpage(files):
    """Headlines of Japanese front pages; ids by day and row, from 0."""
    for day, table in files(r"data/\d{4}/\d\d/(\d{4}-\d\d-\d\d)\.csv", named=True):
        rows = pd.read_csv(io.BytesIO(table), dtype=str, keep_default_na=False)
        for number, paper, headline in zip(rows.index, rows["newspaper"], rows["headline"], strict=True):
            if headline and paper not in BARRED:
                yield f"{day}-{number}", "", headline


def kabutan(files):
    """Japanese stock-market news, without the line on its chart; ids by the news, and of their parts, from 0."""
    (records,) = files("news_data.json")
    for record in json.loads(records):
        number = record["link"].rpartition("=")[2]
        text = re.sub(r"^.*「株探」多機能チャートより\n", "", record["content"])
        yield number, record["title"], text
        parts = re.split(r"\n(?=■)", text)
        for part, item in enumerate(parts if len(parts) > 1 else []):
            yield f"{number}-p{part}", "", item


def livedoor(files):
    """Japanese news up to 2012 without the links at their end; ids by file name."""
    for name, lines in files(r"experiments/text/[^/]+/([a-z-]+-\d+)\.txt", named=True):
        _, _, title, text = lines.decode().split("\n", 3)
        yield name, title, re.split(r"\n\s*[■【]関連(?:記事|リンク|情報)", text)[0]


def bbc(files):
    """News of the BBC on business and technology, 2004-05 (Greene & Cunningham 2006); ids by desk and number."""
    for desk, number, story in files(r"bbc/(business|tech)/(\d+)\.txt", named=True):
        title, _, text = story.decode(errors="replace").partition("\n")
        yield f"{desk}-{number}", title, text


def wires(files):
    """Titles and openings of press releases, and some news, of 2023-26 as three wires carried them; ids by path."""
    named = r"((?:citybiz|newmediawire|newsdirect)/.+)\.md"
    for path, release in files(named, named=True):
        title, _, text = release.decode(errors="replace").strip().partition("\n")
        text = re.split(r"\n-{3,}\s*\n", text)[0].replace("--News Direct--", "")
        yield path, title.lstrip("# "), opening(text)


def itnewslat(files):
    """Titles and openings of news of Latin American firms of information technology, 2018-22; ids by file name."""
    for name, _, title, text in posts(files, r"_posts/(20(?:18|19|2[0-2])-.+)\.md"):
        yield name, title, opening(text)


def leestmeer(files):
    """Titles and openings of Dutch news of 2019 on business and technology; ids by file name."""
    for name, head, title, text in posts(files, r"_posts/(.+)\.md"):
        if {"financieel", "tech", "ondernemen", "economie", "innovatie"} & set(head.get("categories") or ()):
            yield name, title, opening(text)


LEAD = 100  # characters: less is no sentence, or what a feed says where it has none


def rumca(files):
    """Polish feeds on business of 2023: titles and leads; ids by the address."""
    feeds = r"2023/.*(?:bankier|forsal|wirtualnemedia)\.pl.*_entries\.md"
    for (entries,) in files(feeds, named=True):
        for entry in re.split(r"^## ", entries.decode(errors="replace"), flags=re.MULTILINE)[1:]:
            title, _, rest = entry.partition("\n")
            address = re.search(r"\]\(([^)?]*)", rest)
            _, _, lead = re.sub(r"^ *- user:.*$", "", rest, flags=re.MULTILINE).partition("date published:")
            text = opening(lead.partition("\n")[2])
            if address and len(text) > LEAD:
                yield f"{zlib.crc32(address[1].encode()):08x}", title, text


def xueqiu(files):
    """Chinese news of listed firms, 2016-19; ids by row, from 0."""
    (table,) = files("test_data.csv")
    rows = pd.read_csv(io.BytesIO(table), dtype=str, keep_default_na=False)
    yield from zip(rows.index, rows["标题"], rows["正文"], strict=True)


def posts(files, named):
    """Yield name, head, title and text of posts, Markdown files with a head in YAML between two lines of dashes."""
    for name, post in files(named, named=True):
        parts = re.split(r"^---\s*$", post.decode(errors="replace"), maxsplit=2, flags=re.MULTILINE)
        try:
            head = yaml.safe_load(parts[1]) if len(parts) == 3 else None
        except yaml.YAMLError:
            continue
        if isinstance(head, dict) and head.get("title"):
            yield name, head, str(head["title"]), parts[2]


def opening(text, most=1500):
    """Return what a text begins with, of *most* characters at most, without links and HTML, on one line.

    It ends at a full stop, or in a text without one between words.
    """
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)  # links and pictures of Markdown
    text = re.sub(r"\\([^\w\s])", r"\1", re.sub(r"[*_]{2,}|^#+|^>", "", text, flags=re.MULTILINE))
    text = re.sub(r"\s+", " ", plain(text)).strip()
    if len(text) <= most:
        return text
    sentences, stop, _ = text[:most].rpartition(". ")
    return sentences + stop.strip() or text[:most].rpartition(" ")[0]


# Name: language, repository, commit (or commits, for files that the first lacks), how its texts are read.
SOURCES = {
    "agnews": ("en", "mhjabreel/CharCnn_Keras", "555590db4219b1243abb1918effd6a7425a2d75f", agnews),
    "bbc": (
        "en",
        "dejanbatanjac/bbc-article-classify-bert",
        "8265dc84e88b82b87ce7f5b2df5bbbb1159ae922",
        bbc,
    ),
    "wires": ("en", "Newsworthyai/press-release-archive", "9b2f3f325098dd60c940f8bffb80e66bb83b152a", wires),
    "itnewslat": (
        "es",
        "itnewslat/itnewslat.github.io",
        "d3620ef86e3e25f8c9feb912f546fabdef403c41",
        itnewslat,
    ),
    "leestmeer": ("nl", "wijnandb/leestmeer", "cbe6104d86e3f233c171b28a277a6993c30a7523", leestmeer),
    "rumca2023": ("pl", "rumca-js/RSS-Link-Database-2023", "08b89dd9bdbd20633c994bb4a74411f204225b0f", rumca),
    "xueqiu": (
        "zh",
        "wwwxmu/Dataset-of-financial-news-sentiment-classification",
        "9e3166942fed246c193ec67996d5294debfd71e3",
        xueqiu,
    ),
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
    "tdnet": (
        "ja",
        "youzer0x/tdnet-monitor",
        (
            "695bd5c027a801f56c9b0f11cc6a2278b322a530 c4f0fbeb6f1b75a0960a8e6dbb56d0166f023ae9 "
            "e6b66dececf0c28e3521b935571219887061ce86 d182ca9417cce6b72414f68643700ef330938c46"
        ),
        tdnet,
    ),
    "frontpage": (
        "ja",
        "groundcobra009/japan-news-frontpage-index",
        "d87d67e7282c6eca9588d72c04b78462ed179221",
        frontpage,
    ),
    "kabutan": ("ja", "FScoward/kabutan-news-crawl", "95fc0b30b0c1b943362800e5ad43fccdae15e373", kabutan),
    "livedoor": ("ja", "jkatsuta/18_4q_doc2vec", "2bd5f73aa53b7ff81e1e08429eb91d080a09f3cd", livedoor),
}


def sheets(workbook):
    """Return the sheets of a workbook (bytes) as tables of text; their first rows are headings."""
    return pd.read_excel(io.BytesIO(workbook), sheet_name=None, dtype=str, keep_default_na=False).values()


def files_of(clone, commits):
    """Return a function that yields the files (bytes) whose paths are a given one, or match a pattern.

    Each is that of the first of the commits (one, or several with blanks between) that has it.
    """
    git = ["git", "-C", str(clone), "-c", "core.quotePath=false"]
    paths = {}
    for commit in commits.split():
        listed = subprocess.run([*git, "ls-tree", "-r", commit], capture_output=True, check=True)  # noqa: S603
        for line in listed.stdout.decode().splitlines():
            about, path = line.split("\t")
            paths.setdefault(path, about.split()[2])

    def files(wanted, named=False):
        batch, pipe = [*git, "cat-file", "--batch"], subprocess.PIPE
        with subprocess.Popen(batch, stdin=pipe, stdout=pipe) as reader:  # noqa: S603
            for path, name in paths.items():
                match = re.fullmatch(wanted if named else re.escape(wanted), path)
                if match:
                    reader.stdin.write(name.encode() + b"\n")
                    reader.stdin.flush()
                    told = reader.stdout.readline().split()
                    if told[-1] == b"missing":
                        raise FileNotFoundError(f"{clone}: no content of {path}; clone the whole repository")
                    content = reader.stdout.read(int(told[2]) + 1)[:-1]
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
        written = set()
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for number, title, text in read(files_of(clone, commit)):
                if number in written:
                    continue
                written.add(number)
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
