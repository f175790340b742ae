"""One place opens, checks and writes records: each line is checked, and a file is whole or absent."""

import pytest
from entente import cli
from entente.errors import EntenteError
from entente.records import Duplicate, Organisation
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

GOOD = '{"document": "news/b.txt", "duplicate_of": "news/a.txt", "similarity": 0.9}\n'


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a file of lines, and returns its path."""

    def write(content, name="duplicates.jsonl"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal(path):
    """Return the message with which a file of duplicates is refused, without its folder."""
    with pytest.raises(EntenteError) as refused:
        list(cli.read(path, Duplicate))
    return str(refused.value).replace(f"{path.parent}/", "")


# ---- read ------------------------------------------------------------------------------------------


def test_a_file_is_read_into_records(written):
    """The path may be a string."""
    assert list(cli.read(str(written(GOOD)), Duplicate)) == [
        Duplicate(document="news/b.txt", duplicate_of="news/a.txt", similarity=0.9)
    ]


def test_several_files_are_read_in_the_order_given(written):
    """Not in that of their names; an empty file holds nothing."""
    paths = [written(GOOD.replace("b.txt", f"{name}.txt"), name) for name in "zca"] + [written("", "b")]

    assert [found.document for found in cli.read(paths, Duplicate)] == [
        "news/z.txt",
        "news/c.txt",
        "news/a.txt",
    ]


def test_records_come_before_the_file_is_at_its_end(written):
    """A file is never held in memory: what stands before a faulty line has been yielded."""
    records = cli.read(written(GOOD + "faulty\n"), Duplicate)

    assert next(records).similarity == 0.9
    with pytest.raises(EntenteError, match=":2: "):
        next(records)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (GOOD.replace("0.9", '"high"'), ["similarity: ", "number", "found 'high'"]),
        (GOOD.replace('"similarity"', '"similar"'), ["similarity: Field required", "found "]),
        (
            GOOD.replace("}", ', "language": "de"}'),
            ["language: Extra inputs are not permitted", "found 'de'"],
        ),
        ("similarity 0.9\n", ["record: Invalid JSON", "found 'similarity 0.9"]),
        ("[1]\n", ["record: ", "found "]),
        ("\n", ["record: Invalid JSON"]),
    ],
)
def test_a_line_that_is_no_record_is_told_with_file_line_field_and_fault(written, line, says):
    """In one line, however long the record is."""
    message = refusal(written(GOOD * 2 + line + GOOD))

    assert message.startswith(f"duplicates.jsonl:3: {says[0]}")
    assert all(part in message for part in says)
    assert "\n" not in message
    assert len(message) < 300


def test_a_line_that_is_not_utf_8_is_told_like_any_other_fault(written):
    """As a spreadsheet in another encoding would leave it."""
    assert refusal(written(GOOD.encode() + GOOD.replace("b.txt", "ü.txt").encode("latin-1"))).startswith(
        "duplicates.jsonl:2: "
    )


def test_the_field_of_a_nested_record_is_told_by_its_path():
    """Which partner, and which of its fields."""
    with pytest.raises(ValidationError) as fault:
        Organisation.model_validate({"id": "o", "name": "Sony", "names": {"en": ["Sony", 7]}})

    assert cli.describe(fault.value).startswith("names.en.1: ")
    assert cli.describe(fault.value).endswith("found '7'")


def test_a_long_value_is_told_by_its_beginning():
    with pytest.raises(ValidationError) as fault:
        Duplicate(document="a", duplicate_of="b", similarity="x" * 10_000)

    assert "x" * 80 in cli.describe(fault.value)
    assert "x" * 81 not in cli.describe(fault.value)


# ---- write -----------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_written_is_read_back(tmp_path_factory, name):
    """Line ends and separators inside a value too."""
    path = tmp_path_factory.getbasetemp() / "duplicates.jsonl"
    records = [Duplicate(document=name, duplicate_of="", similarity=1)] * 2

    cli.write(path, records)

    assert list(cli.read(path, Duplicate)) == records
    assert path.read_bytes().count(b"\n") == 2
    assert b"\r" not in path.read_bytes()


def test_a_file_is_written_into_folders_that_are_not_there_yet(tmp_path):
    cli.write(tmp_path / "interim" / "news" / "none.jsonl", [])

    assert (tmp_path / "interim" / "news" / "none.jsonl").read_bytes() == b""


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    """Until then the old one stands."""
    path = tmp_path / "table.csv"
    path.write_text("old")

    with cli.replacing(path) as file:
        file.write("new\n")
        file.flush()
        assert path.read_text() == "old"

    assert path.read_text() == "new\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("fault", [EntenteError, KeyboardInterrupt])
def test_a_fault_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path, fault):
    """The records may come from a stage that fails, or is stopped, after some of them."""

    def records():
        yield Duplicate(document="a", duplicate_of="b", similarity=1)
        raise fault

    path = tmp_path / "old.jsonl"
    path.write_text("old")

    for target in (path, tmp_path / "new.jsonl"):
        with pytest.raises(fault):
            cli.write(target, records())

    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text() == "old"


# ---- main ------------------------------------------------------------------------------------------


def add_arguments(parser):
    """Add an option to a stage that is none."""
    parser.add_argument("--part", type=int, default=0, help="which part")


def status(run, *arguments):
    """Return with what a stage exits."""
    with pytest.raises(SystemExit) as end:
        cli.main("Describe a stage.\n\nAs its module does.", add_arguments, run, arguments)
    return end.value.code


def test_a_stage_gets_its_options_by_name_and_typed():
    seen = {}

    assert status(lambda **options: seen.update(options), "--part", "3") == 0
    assert seen == {"part": 3}


def test_a_stage_says_its_own_exit_status():
    assert status(lambda part: part, "--part", "4") == 4


def test_a_fault_of_the_input_is_told_in_one_line(capsys):
    """What `sys.exit` is given as text goes to standard error, and the status is 1."""

    def run(part):
        raise EntenteError("corpus/news: no documents")

    assert status(run) == "error: corpus/news: no documents"


def test_a_fault_of_the_code_is_not_hidden():
    """`EntenteError` alone is shown without a trace."""

    def run(part):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cli.main("A stage.", add_arguments, run, [])


def test_a_stage_describes_itself_and_its_options(capsys):
    """With the lines as its module has them."""
    assert status(print, "--help") == 0
    assert "Describe a stage.\n\nAs its module does.\n" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--part", "three"], ["--parts-of", "3"], ["more"]])
def test_wrong_options_are_refused(arguments, capsys):
    """With the usage, and the status that is a wrong call's."""
    assert status(print, *arguments) == 2
    assert "usage: " in capsys.readouterr().err
