"""`entente corpus new` and `check`: files become a corpus that the workflow reads, without a line of code."""

import json

import pytest
from entente import command, corpora, describe, ingest
from entente.errors import EntenteError
from entente.records import Document

TEXT = "STOCKHOLM, 24 April 2001 - Sony Corp and Ericsson said that they will form a joint venture for telephones. "
TERMS = ["--licence", "CC-BY-4.0", "--source", "https://example.org", "--drawn", "All stories of one day"]


@pytest.fixture
def run(tmp_path, capsys):
    """Return a function that runs `entente corpus` and returns its exit status, output and errors."""

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            command.main(["corpus", *arguments, "--corpora", str(tmp_path / "corpus")])
        found = capsys.readouterr()
        if isinstance(end.value.code, str):  # as Python does at the end of a process
            return 1, found.out, end.value.code
        return end.value.code, found.out, found.err

    return run


@pytest.fixture
def export(tmp_path):
    """Return a database's export: columns of its own names, in a file."""
    rows = [
        "doc_id;headline;lead;story;pubdate",
        *(f'{n};Venture {n};x;"{TEXT * 3}";2001-04-2{n}' for n in range(5)),
    ]
    path = tmp_path / "export" / "news.csv"
    path.parent.mkdir()
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_an_export_is_read_by_what_its_columns_are_called(run, tmp_path, export):
    status, output, _ = run("new", "news", str(export), *TERMS)

    assert status == 0, output
    assert "1 files: 1 .csv" in output
    assert "5 records read = 5 documents + 0 rejected" in output
    assert "dates: 2001-04-20 to 2001-04-24" in output
    corpus = corpora.load(tmp_path / "corpus" / "news")
    assert corpus.columns == {"text": "story", "id": "doc_id", "title": "headline", "date": "pubdate"}
    assert (corpus.language, corpus.licence, corpus.quotes, corpus.random) == (
        "en",
        "CC-BY-4.0",
        "full",
        False,
    )
    documents = list(ingest.documents(corpus, corpora.files(corpus)))
    assert [(d.id, d.title, d.date) for d in documents[:1]] == [
        ("news/news.csv#0", "Venture 0", "2001-04-20")
    ]


def test_what_is_told_goes_before_what_is_guessed(run, tmp_path, export):
    told = [
        "--columns",
        "text=lead+story",
        "--quotes",
        "offsets",
        "--title",
        "My news",
        "--language",
        "sv",
        "--random",
    ]
    status, _, errors = run("new", "news", str(export), *TERMS, *told)

    assert status == 0, errors
    corpus = corpora.load(tmp_path / "corpus" / "news")
    assert corpus.columns == {"text": ["lead", "story"]}
    assert (corpus.title, corpus.language, corpus.quotes, corpus.random) == ("My news", "sv", "offsets", True)
    [first, *_] = ingest.documents(corpus, corpora.files(corpus))
    assert first.text.startswith("x\n\nSTOCKHOLM")


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("0001.txt", "<SEC-DOCUMENT>0001.txt : 20010424\n<SEC-HEADER>", "edgar"),
        ("dump.xml", '<mediawiki xml:lang="en"></mediawiki>', "mediawiki"),
        ("a.txt", "Sony and Ericsson", None),
        ("reut2-000.sgm", '<!DOCTYPE lewis SYSTEM "lewis.dtd">', None),
        ("stories.data", '<!DOCTYPE lewis SYSTEM "lewis.dtd">', "reuters"),
    ],
)
def test_the_reader_is_told_by_what_a_file_opens_with(tmp_path, name, content, reader):
    (tmp_path / name).write_text(content, encoding="utf-8")

    assert describe.guess_reader([tmp_path / name]) == reader


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["new", "news", "nowhere", *TERMS], "nowhere: no such file or folder"),
        (["new", "a/b", "export", *TERMS], "'a/b': no name for a corpus"),
        (["new", "..", "export", *TERMS], "'..': no name for a corpus"),
        (
            ["new", "news", "export"],
            "--licence, --source, --drawn: not given; what is published has to say it",
        ),
        (["new", "news", "export", *TERMS, "--columns", "story"], "'story': expected FIELD=COLUMN"),
        (["new", "news", "export", *TERMS, "--columns", "text=nothing"], "none of 1 records could be read"),
        (["new", "news", "export", *TERMS, "--retrieved", "yesterday"], "'yesterday' does not match"),
        (["new", "news", "export/empty", *TERMS], "no file in it; name a folder with documents"),
        (["check", "news"], "no such file; write it with the keys of"),
    ],
)
def test_faults_are_told_with_their_remedy_and_nothing_is_written(run, tmp_path, export, arguments, says):
    (export.parent / "empty").mkdir()
    arguments = [str(tmp_path / one) if one.startswith(("export", "nowhere")) else one for one in arguments]

    status, _, errors = run(*arguments)

    assert status == 1
    assert says in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "corpus").exists()


def test_a_description_is_never_overwritten(run, tmp_path, export):
    run("new", "news", str(export), *TERMS)
    written = (tmp_path / "corpus/news/corpus.yaml").read_bytes()

    status, _, errors = run("new", "news", str(export), *TERMS, "--title", "Other")

    assert (status, "there already" in errors) == (1, True)
    assert (tmp_path / "corpus/news/corpus.yaml").read_bytes() == written


def test_terms_are_asked_for(tmp_path, export):
    asked = []

    def ask(question):
        asked.append(question)
        return "For research purposes only"

    describe.new("news", export, tmp_path / "corpus", {"source": "the archive"}, ask, lambda _: None)

    assert len(asked) == 2
    corpus = corpora.load(tmp_path / "corpus" / "news")
    assert (corpus.licence, corpus.quotes) == ("For research purposes only", "offsets")


def test_check_adds_up_and_names_what_is_rejected_and_what_is_wrong_in_the_gold(run, tmp_path, export):
    (export.parent / "empty.txt").touch()
    (export.parent / "b.exe").write_bytes(b"MZ")
    run("new", "news", str(export.parent), *TERMS)
    alliance = {
        "partners": ["Sony Corp", "Nokia"], "form": "joint_venture", "equity_status": "equity", "functions": [],
        "value_chain": "unclear", "status": "signed", "evidence": [TEXT.strip()],
    }  # fmt: skip
    gold = [
        {"id": "news.csv#0", "alliances": [alliance]},
        {"id": "news.csv#9", "alliances": []},
        {"id": "news.csv#1", "alliances": [alliance | {"form": "marriage"}]},
    ]
    (tmp_path / "corpus/news/gold.jsonl").write_text(
        "\n".join(map(json.dumps, gold)) + "\n{", encoding="utf-8"
    )

    status, output, _ = run("check", "news")

    assert status == 1
    assert "7 records read = 5 documents + 2 rejected" in output
    assert "rejected, unsupported" in output
    assert "  b.exe: no reader for the ending '.exe'" in output
    faults = [line.partition("gold.jsonl:")[2] for line in output.splitlines() if line.startswith("fault")]
    assert [fault.partition(":")[0] for fault in faults] == ["1", "2", "3", "4"]
    assert "'Nokia' does not stand in news.csv#0" in faults[0]
    assert "no document 'news.csv#9'" in faults[1]
    assert "'marriage' is not in the codebook" in faults[2]


def test_check_passes_the_corpora_that_come_along(pytestconfig):
    folder = pytestconfig.rootpath / "corpus" / "reference"
    lines = []

    assert describe.check(corpora.load(folder), folder, lines.append) == 0
    assert "+ 0 rejected" in lines[1]


def test_garbled_letters_are_repaired_and_counted(tmp_path):
    text = "La Société Générale et Crédit Agricole créent une société commune, détenue à parité."
    (tmp_path / "a.txt").write_text(text.encode().decode("cp1252"), encoding="utf-8")
    corpus = corpora.Corpus("fr", tmp_path, *[""] * 2, "", "", "", "", "", random=False)

    [document] = ingest.documents(corpus, ["a.txt"])

    assert isinstance(document, Document)
    assert (document.text, document.remarks) == (text, ["garbled letters repaired"])


def test_columns_are_given_as_words():
    with pytest.raises(EntenteError, match="expected FIELD=COLUMN"):
        describe.columns_given(["body=text"])
