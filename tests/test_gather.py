"""Texts that are coded here and kept in public repositories are read from these, with the ids that their gold knows."""

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "workflow" / "training" / "gather.py"


@pytest.fixture
def gather():
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("gather", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def repository(folder, files):
    """Make a repository with one commit of *files*, {path: text}, and return the commit."""
    for path, text in files.items():
        folder.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(path).write_text(text, encoding="utf-8")
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Add"]):
        subprocess.run([*git, *command], check=True)
    return subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_texts_are_written_as_of_the_commit_without_markup(gather, tmp_path, monkeypatch):
    clone = tmp_path / "someone+news"
    rows = '"3","A B joins C","A  B &lt;AB.O&gt; paid  #36;5\\and &lt;b&gt;C&lt;/b&gt; did."\n"4","D","E"\n'
    commit = repository(clone, {"data/ag_news_csv/test.csv": rows})
    clone.joinpath("data/ag_news_csv/test.csv").write_text('"1","changed","later"\n', encoding="utf-8")
    monkeypatch.setattr(gather, "SOURCES", {"news": ("en", "someone/news", commit, gather.agnews)})

    gather.main(tmp_path, tmp_path / "data")

    lines = (tmp_path / "data/gathered/news.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"id": "news-1", "language": "en", "title": "A B joins C", "text": "A B paid $5 and C did."},
        {"id": "news-2", "language": "en", "title": "D", "text": "E"},
    ]


def test_files_are_found_by_a_pattern_in_any_script(gather, tmp_path):
    month = "키워드 추출/2020_1분기/2020_01.csv"
    commit = repository(
        tmp_path, {month: ",제목,본문\n7,제목이다,본문이다\n", "키워드 추출/other.csv": "x\n"}
    )

    assert list(gather.naver(gather.files_of(tmp_path, commit))) == [("2020_01-7", "제목이다", "본문이다")]


def test_a_clone_that_is_lacking_is_named_before_anything_is_written(gather, tmp_path):
    with pytest.raises(SystemExit, match=r"no mhjabreel\+CharCnn_Keras; clone"):
        gather.main(tmp_path, tmp_path / "data")

    assert not (tmp_path / "data").exists()


def test_press_releases_lose_their_markup_and_what_the_archive_adds(gather, tmp_path):
    """Only the opening is kept, in whole sentences."""
    release = (
        "# A & B join\n\n**PARIS** – [A](https://a.example) joins B\\.\n\n{}\n\n---\n\n[Original/Source]\n"
    )
    path = "newsdirect/2024/0102/a-b"
    commit = repository(tmp_path, {f"{path}.md": release.format("More. " * 300), "247/a.md": release})

    ((number, title, text),) = gather.wires(gather.files_of(tmp_path, commit))

    assert (number, title) == (path, "A & B join")
    assert text.startswith("PARIS – A joins B. More. More.")
    assert len(text) < 1500
    assert text.endswith("More.")


def test_posts_without_a_head_or_of_another_subject_are_left_out(gather, tmp_path):
    post = "---\ntitle: >-\n  Het\n  nieuws\ncategories:\n- {}\n---\nDe tekst.\n"
    commit = repository(
        tmp_path,
        {
            "_posts/a.md": post.format("tech"),
            "_posts/b.md": post.format("sport"),
            "_posts/c.md": "Geen kop.\n",
        },
    )

    assert list(gather.leestmeer(gather.files_of(tmp_path, commit))) == [("a", "Het nieuws", "De tekst.")]


def test_a_feed_has_a_text_an_entry_known_by_its_address(gather, tmp_path):
    lead = "Spółka A i spółka B zawarły umowę o współpracy. " * 5
    entry = "## Tytuł\n - [link](https://x.example/1?from=rss)\n - user: None\n - date published: 2023-01-02\n\n{}\n"
    path = "2023/01/2023-01-02/bankier.plrss_entries.md"
    commit = repository(tmp_path, {path: "# Feed\n\n" + entry.format(lead) + entry.format("Za krótko.")})

    ((number, title, text),) = gather.rumca(gather.files_of(tmp_path, commit))

    assert (len(number), title, text) == (8, "Tytuł", lead.strip())


def test_an_opening_ends_between_words_where_no_sentence_does(gather):
    assert gather.opening("word " * 400) == ("word " * 300).strip()
    assert gather.opening("A. " * 10 + "b" * 2000) == ("A. " * 10).strip()


def test_a_clone_without_a_file_of_its_commit_is_named(gather, tmp_path):
    """As a partial clone is."""
    commit = repository(tmp_path, {"bbc/tech/001.txt": "Title\n\nText."})
    (name,) = (
        line.split()[2]
        for line in subprocess.run(
            ["git", "-C", str(tmp_path), "ls-tree", "-r", commit], check=True, capture_output=True, text=True
        ).stdout.splitlines()
    )
    (tmp_path / ".git/objects" / name[:2] / name[2:]).unlink()

    with pytest.raises(FileNotFoundError, match=r"no content of bbc/tech/001\.txt; clone the whole"):
        list(gather.bbc(gather.files_of(tmp_path, commit)))
