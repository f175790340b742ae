"""The recipes of corpus/RECIPES.md, followed to the letter, make documents of what the publishers really send.

The commands run as they stand; only curl is another, which answers from files that are written here, in the manner of
each publisher.
"""

import bz2
import os
import shlex
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml
from entente import command, corpora, ingest, schema
from entente.records import Document
from markdown_it import MarkdownIt
from test_readers_pdf import written

PAGE = Path(__file__).parents[1] / "corpus" / "RECIPES.md"
CURL = """#!{python} -SE
import os, pathlib, shutil, sys
arguments = sys.argv[1:]
web = [line.split("\\t") for line in pathlib.Path(os.environ["WEB"]).read_text(encoding="utf-8").splitlines()]
found = [path for path, *words in web if all(any(word in one for one in arguments) for word in words)]
if not found:
    sys.exit("curl: (22) The requested URL returned error: 404")
if "--output" in arguments:
    place = pathlib.Path(arguments[arguments.index("--output") + 1])
    if "--create-dirs" in arguments:
        place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(found[0], place)
else:
    sys.stdout.write(pathlib.Path(found[0]).read_text(encoding="utf-8"))
"""

# ---- what the publishers send -----------------------------------------------------------------------


REUTERS = """<!DOCTYPE lewis SYSTEM "lewis.dtd">
<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" CGISPLIT="TRAINING-SET" OLDID="5544" NEWID="1">
<DATE>26-FEB-1987 15:01:01.79</DATE>
<TOPICS><D>acq</D></TOPICS>
<PLACES><D>usa</D></PLACES>
<PEOPLE></PEOPLE>
<ORGS></ORGS>
<EXCHANGES></EXCHANGES>
<COMPANIES></COMPANIES>
<UNKNOWN>
&#5;&#5;&#5;F
&#22;&#22;&#1;f0704&#31;reute
u f BC-ACME-&lt;ACM>   02-26 0105</UNKNOWN>
<TEXT>&#2;
<TITLE>ACME &lt;ACM> FORMS VENTURE WITH BETA</TITLE>
<DATELINE>    NEW YORK, Feb 26 - </DATELINE><BODY>Acme Corp said it formed a joint
venture with &lt;Beta Inc>.
    Each owns 50 pct.
 Reuter
&#3;</BODY></TEXT>
</REUTERS>
<REUTERS TOPICS="NO" LEWISSPLIT="TRAIN" CGISPLIT="TRAINING-SET" OLDID="5545" NEWID="2">
<DATE>26-FEB-1987 15:02:20.00</DATE>
"""
CONTRACT = """                    CO-BRANDING AGREEMENT

THIS CO-BRANDING AGREEMENT is made as of June 21, 1999 by and between Acme Inc. and Beta Ltd.

1.1 Acme and Beta will develop the site together.
"""
NAME = "AcmeInc_19990826_10-12G_EX-10.10_6700288_EX-10.10_Co-Branding Agreement"
FORM_INDEX = """Description:           Master Index of EDGAR Dissemination Feed by Form Type
Last Data Received:    March 31, 2015
Comments:              webmaster@sec.gov
Anonymous FTP:         ftp://ftp.sec.gov/edgar/

Form Type   Company Name                                      CIK         Date Filed  File Name
---------------------------------------------------------------------------------------------------------------
10-K        8-K BAKERIES INC                                  1000001     2015-02-03  {}1/0001000001-15-000001.txt
8-K         ACME CORP  8-K                                    1000002     2015-02-04  {}2/0001000002-15-000007.txt
8-K         GAMMA /DE/                                        1000003     2015-02-05  {}3/0001000003-15-000002.txt
8-K/A       ACME CORP                                         1000002     2015-02-06  {}2/0001000002-15-000008.txt
""".replace("{}", "edgar/data/100000")
SUBMISSION = """<SEC-DOCUMENT>0001000002-15-000007.txt : 20150204
<SEC-HEADER>0001000002-15-000007.hdr.sgml : 20150204
<ACCEPTANCE-DATETIME>20150204163016
ACCESSION NUMBER:\t\t0001000002-15-000007
CONFORMED SUBMISSION TYPE:\t8-K
PUBLIC DOCUMENT COUNT:\t\t3
CONFORMED PERIOD OF REPORT:\t20150203
ITEM INFORMATION:\t\tEntry into a Material Definitive Agreement
ITEM INFORMATION:\t\tFinancial Statements and Exhibits
FILED AS OF DATE:\t\t20150204
DATE AS OF CHANGE:\t\t20150204

FILER:

\tCOMPANY DATA:\t
\t\tCOMPANY CONFORMED NAME:\t\t\tACME CORP
\t\tCENTRAL INDEX KEY:\t\t\t0001000002
\t\tSTANDARD INDUSTRIAL CLASSIFICATION:\tMOTOR VEHICLES & PASSENGER CAR BODIES [3711]

\tFILING VALUES:
\t\tFORM TYPE:\t\t8-K
\t\tSEC ACT:\t\t1934 Act
</SEC-HEADER>
<DOCUMENT>
<TYPE>8-K
<SEQUENCE>1
<FILENAME>d801234d8k.htm
<DESCRIPTION>FORM 8-K
<TEXT>
<HTML><HEAD><TITLE>Form 8-K</TITLE></HEAD><BODY BGCOLOR="WHITE">
<P STYLE="margin-top:0pt"><B>Item&nbsp;1.01</B></P>
<P>On February&nbsp;3, 2015, Acme Corp and Beta Ltd formed a joint venture.</P>
</BODY></HTML>
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>EX-99.1
<SEQUENCE>2
<FILENAME>d801234dex991.txt
<DESCRIPTION>EX-99.1
<TEXT>
DETROIT - Acme Corp today announced that it has formed a joint venture
with Beta Ltd to build cars in Mexico together from next year on.
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>GRAPHIC
<SEQUENCE>3
<FILENAME>logo.jpg
<TEXT>
begin 644 logo.jpg
M_]C_X``02D9)1@`!`0``
end
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
"""
TABLE = '<table width="100%" border="0" cellspacing="0" cellpadding="0"><col width="4%"/><col width="96%"/><tbody><tr>'
ROW = TABLE + (
    '<td valign="top"><p class="oj-normal">{}</p></td><td valign="top"><p class="oj-normal">{}</p>{}</td>'
    "</tr></tbody></table>"
)
NOTICE = f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"
"xhtml-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><!-- CONVEX # converter_version:8.0.0 # generated_on:20190201-0031 --><head>
<meta http-equiv="content-type" content="text/html; charset=utf-8"/>
<link type="text/css" rel="stylesheet" href="./../../../../../../../css/oj/oj.css"/>
<title>C_2019041EN.01001501.xml</title></head><body>
{TABLE}
<td><p class="oj-hd-date">1.2.2019\u00a0\u00a0 </p></td><td><p class="oj-hd-lg">EN</p></td>
<td><p class="oj-hd-ti">Official Journal of the European Union</p></td><td><p class="oj-hd-oj">C 41/15</p></td>
</tr></tbody></table>
<hr class="oj-separator"/>
<p id="d1e33-15-1" class="oj-doc-ti">Prior notification of a concentration</p>
<p class="oj-doc-ti">(Case M.9999 — Alpha/Beta/JV)</p>
<p class="oj-doc-ti">(2019/C 41/09)</p>
{ROW.format("1.", "On 24 January 2019, Alpha AG (Germany) and Beta SA (France) notified that they will control JV.", "")}
{ROW.format("2.", "Their business is:", ROW.format("—", "for JV: batteries of electric cars.", ""))}
<hr class="oj-note"/>
<p class="oj-note"><a id="ntr1" href="#ntc1">(<span class="oj-super">1</span>)</a>\u00a0\u00a0OJ L 24, 29.1.2004, p. 1.</p>
</body></html>
"""
FEDERAL_REGISTER = "https://www.federalregister.gov/documents/full_text/html"
MARK = (
    '<span class="unprinted-element-wrapper"><span class="unprinted-element-border"></span><span class="unprinted-element'
    ' document-markup" data-text="{0}"><span class="icon-fr2 icon-fr2-doc-generic"> </span>'
    '<span class="text cj-tooltip" data-tooltip="Click for more information">{0}</span></span></span>'
)
VENTURE = f"""{MARK.format("Start Preamble")}
<p id="p-3" data-page="11389">Notice is given that, on February 6, 2020, the Consortium on Robots (&ldquo;COR&rdquo;), under
the Act, 15 U.S.C. 4301 <em>et seq.,</em> filed notifications. Acme, Inc., St. Louis, MO, has been added as a party.</p>
<p id="p-4" data-page="11389">Its members intend to develop {MARK.format("Start Printed Page 11390")}robots together.</p>
{MARK.format("Start Signature")}
<div class="signature"><p class="signature-name">A. N. Officer,</p><p class="signature-title">Antitrust Division.</p></div>
{MARK.format("End Signature")}
{MARK.format("End Preamble")}
<p>[FR Doc. 2020-03988 Filed 2-26-20; 8:45 am]</p>
"""
DUMP = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.mediawiki.org/xml/export-0.11/ http://www.mediawiki.org/xml/export-0.11.xsd"
 version="0.11" xml:lang="en">
  <siteinfo>
    <sitename>Wikinews</sitename>
    <dbname>enwikinews</dbname>
    <base>https://en.wikinews.org/wiki/Main_Page</base>
    <generator>MediaWiki 1.43.0</generator>
    <case>first-letter</case>
    <namespaces>
      <namespace key="0" case="first-letter" />
      <namespace key="1" case="first-letter">Talk</namespace>
      <namespace key="6" case="first-letter">File</namespace>
      <namespace key="14" case="first-letter">Category</namespace>
    </namespaces>
  </siteinfo>
{}</mediawiki>
"""
WIKI_PAGE = """  <page>
    <title>{}</title>
    <ns>{}</ns>
    <id>{}</id>
    <revision>
      <id>9{}</id>
      <timestamp>2019-05-01T10:00:00Z</timestamp>
      <contributor><username>Reporter</username><id>7</id></contributor>
      <model>wikitext</model>
      <format>text/x-wiki</format>
      <text bytes="400" sha1="x" xml:space="preserve">{}</text>
      <sha1>x</sha1>
    </revision>
  </page>
"""
ARTICLE = """{{date|April 25, 2001}}
[[File:Phone.jpg|thumb|A phone.]]
{{w|Sony}} and '''[[w:Ericsson|Ericsson]]''' will form a joint venture&lt;ref&gt;Reuters&lt;/ref&gt;.

Each holds half of it.

== Sources ==
*{{source|url=http://example.org|title=Sony and Ericsson|pub=BBC|date=April 24, 2001}}
{{publish}}
[[Category:Economy and business]]"""


class Home:
    """A home folder with what a recipe starts from, and a web that has what it fetches."""

    def __init__(self, folder):
        self.folder, self.web = folder, []

    def write(self, path, content):
        """Write a file of text or bytes; return its path."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    def serve(self, content, *words):
        """Let curl have this where all *words* stand in its arguments."""
        self.web.append([str(self.write(f"web/{len(self.web)}", content)), *words])


def reuters(home):
    """Write the archive as Lewis packed it: stories, the last one broken off, and a list."""
    with tarfile.open(home.write("Downloads/reuters21578.tar.gz", b""), "w:gz") as archive:
        archive.add(home.write("web/sgm", REUTERS), "reut2-000.sgm")
        archive.add(home.write("web/list", "acq\n"), "all-topics-strings.lc.txt")


def cuad(home):
    """Write the archive as The Atticus Project packed it."""
    with zipfile.ZipFile(home.write("Downloads/CUAD_v1.zip", b""), "w") as archive:
        pdf = written([["CO-BRANDING AGREEMENT", "made as of June 21, 1999"], ["by Acme Inc. and Beta Ltd."]])
        archive.writestr("CUAD_v1/CUAD_v1_README.txt", "CUAD v1")
        archive.writestr("CUAD_v1/master_clauses.csv", "Filename,Document Name\n")
        archive.writestr(f"CUAD_v1/full_contract_txt/{NAME}.txt", CONTRACT)
        archive.writestr("CUAD_v1/full_contract_txt/Empty.txt", "\n")
        archive.writestr(f"CUAD_v1/full_contract_pdf/Part_I/Co_Branding/{NAME}.pdf", pdf)
        archive.writestr("CUAD_v1/full_contract_pdf/Part_III/Supply/Scan.PDF", written([[]]))


def edgar(home):
    """Serve the list of a quarter and two filings, one of which is broken off, to those who say who they are."""
    who, archives = "A. N. Author author@example.org", "https://www.sec.gov/Archives/edgar/"
    cut = SUBMISSION[: SUBMISSION.index("</BODY>")].replace("0001000002-15-000007", "0001000003-15-000002")
    home.serve(FORM_INDEX, who, f"{archives}full-index/2015/QTR1/form.idx")
    home.serve(SUBMISSION, who, f"{archives}data/1000002/0001000002-15-000007.txt")
    home.serve(cut, who, f"{archives}data/1000003/0001000003-15-000002.txt")


def eu_mergers(home):
    """Serve a notice and an empty answer to those who ask for a page in English."""
    asked = ("Accept: application/xhtml+xml", "Accept-Language: eng")
    home.write("data/celex.txt", "52019M9999\n52019M9998")
    home.serve(NOTICE, *asked, "http://publications.europa.eu/resource/celex/52019M9999")
    home.serve("", *asked, "http://publications.europa.eu/resource/celex/52019M9998")


def ncrpa(home):
    """Serve the table of each year, of which one has two notices, as the API does, and the notices."""
    api = ("https://www.federalregister.gov/api/v1/documents.csv", "fields[]=body_html_url", "--get")
    asked = ('conditions[term]="National Cooperative Research and Production Act"', "antitrust-division")
    urls = [f"{FEDERAL_REGISTER}/2020/02/27/2020-0398{number}.html" for number in (8, 9)]
    home.serve("\n".join(["body_html_url", *urls, ""]), *api, *asked, "[year]=2020")
    home.serve("body_html_url\n", *api, *asked, "[year]=")
    home.serve(VENTURE, urls[0])
    home.serve("", urls[1])


def wikinews(home):
    """Serve a dump of two articles, one of them empty, and a page of talk."""
    pages = [("Sony and Ericsson", 0, 11, ARTICLE), ("Draft", 0, 12, ""), ("Talk:Sony", 1, 13, "Sony?")]
    made = "".join(
        WIKI_PAGE.format(title, space, own, own, text.replace("\n", "\r\n"))
        for title, space, own, text in pages
    )
    address = "https://dumps.wikimedia.org/enwikinews/latest/enwikinews-latest-pages-articles.xml.bz2"
    home.serve(bz2.compress(DUMP.format(made).encode()), address)


# ---- what the page says -----------------------------------------------------------------------------


def page():
    """Return {name of the corpus: (its commands, a list of blocks; its corpus.yaml)}, in the page's order."""
    found, commands = {}, []
    for token in MarkdownIt("commonmark").parse(PAGE.read_text(encoding="utf-8")):
        if token.type == "heading_open":
            commands = []
        elif token.type == "fence" and token.info == "sh":
            commands.append(token.content)
        elif token.type == "fence" and token.info == "yaml":
            path = token.content.partition("\n")[0].removeprefix("# ")
            found[Path(path).parent.name] = (commands, token.content)
    return found


def follow(name, folder, write, skipped=()):
    """Follow a recipe in a *folder* as home, apart from the blocks *skipped*; return what it prints and its corpus."""
    home = Home(folder)
    write(home)
    for stub in ("sleep", "make", "entente"):
        home.write(f"bin/{stub}", "#!/bin/sh\n").chmod(0o755)
    home.write("bin/curl", CURL.format(python=sys.executable)).chmod(0o755)
    web = home.write("web/addresses", "\n".join("\t".join(known) for known in home.web))
    surroundings = os.environ | {
        "HOME": str(folder),
        "WEB": str(web),
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    commands, description = page()[name]
    printed = ""
    for number, block in enumerate(commands):
        if number not in skipped:
            bash = ["bash", "-euo", "pipefail", "-c", block]
            done = subprocess.run(
                bash, cwd=folder, env=surroundings, capture_output=True, encoding="utf-8", check=False
            )
            assert done.returncode == 0, done.stderr
            printed += done.stdout
    home.write(f"corpus/{name}/corpus.yaml", description)
    return printed, folder / "corpus" / name


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    """Return a folder that is home, for `~` in a corpus.yaml too."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


# ---- each recipe ------------------------------------------------------------------------------------


RECIPES = {
    "reuters": (reuters, ()),
    "cuad, text": (cuad, (1,)),
    "cuad, PDF": (cuad, (0,)),
    "edgar-8k": (edgar, ()),
    "eu-mergers": (eu_mergers, ()),
    "ncrpa": (ncrpa, ()),
    "wikinews": (wikinews, ()),
}
PAPER = f"CUAD_v1/full_contract_pdf/Part_I/Co_Branding/{NAME}.pdf"
FILING = "1000002/0001000002-15-000007.txt#0001000002-15-000007"
CUT_FILING = "1000003/0001000003-15-000002.txt#0001000003-15-000002"
DUMPED = "enwikinews-latest-pages-articles.xml.bz2"
TEXTS = {
    "reuters": [
        """Acme Corp said it formed a joint venture with <Beta Inc>.
Each owns 50 pct."""
    ],
    "cuad, text": [
        """THIS CO-BRANDING AGREEMENT is made as of June 21, 1999 by and between Acme Inc. and Beta Ltd.

1.1 Acme and Beta will develop the site together."""
    ],
    "cuad, PDF": [
        """CO-BRANDING AGREEMENT
made as of June 21, 1999
by Acme Inc. and Beta Ltd."""
    ],
    "edgar-8k": [
        """Item 1.01
On February 3, 2015, Acme Corp and Beta Ltd formed a joint venture.""",
        """DETROIT - Acme Corp today announced that \
it has formed a joint venture with Beta Ltd to build cars in Mexico together from next year on.""",
    ],
    "eu-mergers": [
        """| 1.2.2019 | EN | Official Journal of the European Union | C 41/15 |
Prior notification of a concentration
(Case M.9999 — Alpha/Beta/JV)
(2019/C 41/09)
| 1. | On 24 January 2019, Alpha AG (Germany) and Beta SA (France) notified that they will control JV. |
| 2. | Their business is: |
| — | for JV: batteries of electric cars. |
(1) OJ L 24, 29.1.2004, p. 1."""
    ],
    "ncrpa": [
        """Notice is given that, on February 6, 2020, the Consortium on Robots (“COR”), under the Act, 15 U.S.C. \
4301 et seq., filed notifications. Acme, Inc., St. Louis, MO, has been added as a party.
Its members intend to develop robots together.
A. N. Officer,
Antitrust Division.
[FR Doc. 2020-03988 Filed 2-26-20; 8:45 am]"""
    ],
    "wikinews": [
        """Sony and Ericsson will form a joint venture.
Each holds half of it."""
    ],
}
# (source, title, date, quotes) of each document.
DOCUMENTS = {
    "reuters": [("reut2-000.sgm#1", "ACME <ACM> FORMS VENTURE WITH BETA", "1987-02-26", "offsets")],
    "cuad, text": [(f"{NAME}.txt", "CO-BRANDING AGREEMENT", "1999-06-21", "full")],
    "cuad, PDF": [(PAPER, "", "1999-06-21", "full")],
    "edgar-8k": [
        (f"{FILING}/d801234d8k.htm", "FORM 8-K", "2015-02-04", "cut"),
        (f"{FILING}/d801234dex991.txt", "", "2015-02-04", "cut"),
    ],
    "eu-mergers": [("52019M9999.html", "C_2019041EN.01001501.xml", "2019-02-01", "full")],
    "ncrpa": [("2020/02/27/2020-03988.html", "", "2020-02-06", "full")],
    "wikinews": [(f"{DUMPED}#11", "Sony and Ericsson", "2001-04-25", "full")],
}
# (source, reason) of each rejection.
REJECTED = {
    "reuters": [("reut2-000.sgm", "malformed")],
    "cuad, text": [("Empty.txt", "no_text")],
    "cuad, PDF": [("CUAD_v1/full_contract_pdf/Part_III/Supply/Scan.PDF", "no_text")],
    "edgar-8k": [(f"{CUT_FILING}/d801234d8k.htm", "malformed")],
    "eu-mergers": [("52019M9998.html", "no_text")],
    "ncrpa": [("2020/02/27/2020-03989.html", "no_text")],
    "wikinews": [(f"{DUMPED}#12", "no_text")],
}


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_makes_documents_of_what_the_publisher_sends(at_home, recipe):
    """With their text, title, date, id and rights; and every record is one of them or a rejection."""
    write, skipped = RECIPES[recipe]
    name = recipe.partition(",")[0]
    _, folder = follow(name, at_home, write, skipped)

    corpus = corpora.load(folder)
    records = list(ingest.documents(corpus, corpora.files(corpus)))

    documents = [record for record in records if isinstance(record, Document)]
    rejected = [(record.source, record.reason) for record in records if not isinstance(record, Document)]
    assert [d.text for d in documents] == TEXTS[recipe]
    assert [(d.source, d.title, d.date, d.quotes) for d in documents] == DOCUMENTS[recipe]
    assert rejected == REJECTED[recipe]
    assert {d.id for d in documents} == {f"{name}/{source}" for source, *_ in DOCUMENTS[recipe]}
    assert {(d.language, d.licence) for d in documents} == {("en", corpus.licence)}


def test_a_random_sample_can_be_passed_on_as_addresses(at_home):
    """The list that the recipe prints is what `urls` may hold, and names every file with its own SHA-256."""
    printed, folder = follow("edgar-8k", at_home, edgar)

    known = yaml.safe_load(printed)
    description = folder / "corpus.yaml"
    with description.open("a", encoding="utf-8") as file:
        file.write(printed)
    assert corpora.load(folder).urls == known["urls"]
    sums = subprocess.run(
        ["sha256sum", *(entry["file"] for entry in known["urls"])],
        cwd=at_home / "data/edgar-8k",
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert sums.stdout.splitlines() == [f"{entry['sha256']}  {entry['file']}" for entry in known["urls"]]
    assert [entry["url"] for entry in known["urls"]] == [
        "https://www.sec.gov/Archives/edgar/data/1000002/0001000002-15-000007.txt",
        "https://www.sec.gov/Archives/edgar/data/1000003/0001000003-15-000002.txt",
    ]


def test_every_description_is_valid_and_says_where_the_files_of_its_recipe_are():
    """All are by the schema, and name the day, the rights and the reader or leave it to the endings."""
    assert {recipe.partition(",")[0] for recipe in RECIPES} == set(page())
    for name, (commands, description) in page().items():
        known = schema.Loader(description).get_single_data()
        assert not schema.faults(known, "corpus"), name
        assert known["quotes"] in ("full", "cut", "offsets")
        assert f"entente corpus new {name} {known['path']}\n" in "".join(commands)


def test_every_command_of_entente_on_the_page_exists():
    """With its options."""
    called = [
        line
        for commands, _ in page().values()
        for line in "".join(commands).splitlines()
        if "entente " in line
    ]

    assert len(called) > 2 * len(page())
    for line in called:
        assert command.parser().parse_args(shlex.split(line)[1:]).name in page()
