"""What people write in YAML is checked, and a fault is told with its line and its remedy."""

from pathlib import Path

import pytest
import yaml
from entente import schema
from entente.errors import EntenteError
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[1]
GOOD = (ROOT / "config" / "config.yaml").read_text(encoding="utf-8")


@pytest.fixture
def refusal(tmp_path):
    """Return a function that loads a text as a config, and returns the message of its refusal."""

    def load(text):
        path = tmp_path / "config.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(EntenteError) as refused:
            schema.load(path, "config")
        return str(refused.value).replace(str(path), "config.yaml")

    return load


def test_the_config_that_ships_is_read():
    """Its values arrive typed."""
    config = schema.load(ROOT / "config" / "config.yaml", "config")

    assert (config["level"], config["period_years"], config["part"]["documents"]) == (0.95, 5, 2000)


def test_an_unknown_key_is_refused_with_its_line_and_the_key_that_was_meant(refusal):
    """The other key missing for it is told as well."""
    line = GOOD.splitlines().index("level: 0.95") + 1

    message = refusal(GOOD.replace("level: 0.95", "levels: 0.95"))

    assert f"config.yaml:{line}: unknown key 'levels'; expected one of corpora, level," in message
    assert "did you mean 'level'?" in message
    assert "config.yaml:1: no key 'level'; add it: The confidence level" in message


def test_an_unknown_key_that_resembles_none_gets_no_guess(refusal):
    """A wrong hint is worse than none."""
    assert "did you mean" not in refusal(GOOD + "zzz: 1\n")


def test_a_key_inside_another_is_told_with_its_own_line(refusal):
    """The line is the nested key's, not that of the key around it."""
    line = GOOD.splitlines().index("  documents: 2000") + 1

    assert f"config.yaml:{line}: unknown key 'docs'" in refusal(GOOD.replace("  documents:", "  docs:"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("level: 0.95", "level: 95", "level: 95 is greater than or equal to the maximum of 1; expected: "),
        ("level: 0.95", "level: high", "level: 'high' is not of type 'number'; expected: "),
        (
            "  documents: 2000",
            "  documents: 0",
            "part.documents: 0 is less than the minimum of 1; expected: ",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_what_was_found_and_expected(refusal, old, new, message):
    """The expectation is the key's own description."""
    line = GOOD.splitlines().index(old) + 1

    assert f"config.yaml:{line}: {message}" in refusal(GOOD.replace(old, new))


def test_faults_come_in_the_order_of_the_file(refusal):
    """By number: line 9 before line 10."""
    text = GOOD.rstrip("\n") + "".join(f"\nextra{number}: 1" for number in range(12))
    lines = [int(fault.split(":")[1]) for fault in refusal(text).splitlines()]

    assert lines == sorted(lines)
    assert len(lines) == 12


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("level: 0.9\nlevel: 0.8\n", "config.yaml:2: key 'level' stands on line 1 too; keep one of them"),
        ("level: [1\n", "config.yaml:2: not YAML: "),
        ("level: 1\n\tb: 2\n", "config.yaml:2: not YAML: "),
        (b"title: \xff\n", "config.yaml: byte 7 is not UTF-8; save the file as UTF-8"),
        ("", "config.yaml:1: file: None is not of type 'object'"),
        ("- level\n", "config.yaml:1: file: ['level'] is not of type 'object'"),
    ],
)
def test_what_is_no_mapping_of_keys_is_refused(refusal, text, message):
    """Each fault of the notation has its own words, and no trace."""
    assert message in refusal(text)


def test_a_file_that_is_not_there_is_told_with_what_to_write(tmp_path):
    """The message names the schema that lists the keys."""
    with pytest.raises(
        EntenteError, match="no such file; write it with the keys of workflow/entente/schemas/config"
    ):
        schema.load(tmp_path / "none.yaml", "config")


def test_norwegian_and_dates_stay_strings(tmp_path, monkeypatch):
    """YAML 1.1 reads ``no`` as false and a date as an object; a description of a corpus means neither."""
    monkeypatch.setattr(schema, "SCHEMAS", tmp_path)
    (tmp_path / "any.schema.yaml").write_text("type: object", encoding="utf-8")
    path = tmp_path / "any.yaml"
    path.write_text("language: no\nretrieved: 2001-04-24\nrandom: true\n", encoding="utf-8")

    assert schema.load(path, "any") == {"language": "no", "retrieved": "2001-04-24", "random": True}


def test_values_from_no_file_are_checked_too():
    """What the command line overrides is named as its place."""
    with pytest.raises(EntenteError, match="--config: level: 2 is greater than"):
        schema.check(yaml.safe_load(GOOD) | {"level": 2}, "config", "--config")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "workflow" / "entente" / "schemas").glob("*.yaml")), ids=lambda path: path.name
)
def test_each_schema_is_one_and_describes_every_key_and_refuses_others(path):
    """At every level."""
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(rules)
    levels = [rules]
    for level in levels:
        assert level["description"]
        if level["type"] == "object":
            assert level["additionalProperties"] is False
            levels += level["properties"].values()


def test_the_readme_of_the_config_tells_every_key_as_the_schema_does():
    """Key, value that ships, and description; so the page cannot grow stale."""
    page = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    rules = yaml.safe_load(
        (ROOT / "workflow" / "entente" / "schemas" / "config.schema.yaml").read_text(encoding="utf-8")
    )

    assert [line for line in page.splitlines() if line.startswith("| `")] == list(
        rows(rules, yaml.safe_load(GOOD))
    )


def rows(rules, values, above=""):
    """Yield a table row for each key that holds a value."""
    for key, rule in rules["properties"].items():
        if rule["type"] == "object":
            yield from rows(rule, values[key], f"{above}{key}.")
        else:
            yield f"| `{above}{key}` | `{values[key]}` | {rule['description']} |"
