"""The set words of contracts are sound in each language, and a file that is not is refused."""

import pytest
from entente import contract_formulas
from entente.errors import EntenteError


@pytest.mark.parametrize("language", contract_formulas.languages())
def test_the_words_of_each_language_are_sound(language):
    known = contract_formulas.load(language)

    assert known.language == language
    assert len(known.signs) > 1
    for field in ("signs", "kinds", "purposes", "statuses"):
        contract_formulas.compiled(language, field)


def test_a_file_that_breaks_the_rules_is_told_with_the_remedy(tmp_path, monkeypatch):
    folder = tmp_path / "lexicon" / "contracts"
    folder.mkdir(parents=True)
    (folder / "tlh.yaml").write_text(
        "language: tlh\nscript: words\nsigns: [a]\nstatuses: {done: [b]}\n", encoding="utf-8"
    )
    monkeypatch.setattr(contract_formulas, "files", lambda package: tmp_path)
    contract_formulas.load.cache_clear()

    with pytest.raises(EntenteError, match=r"tlh\.yaml: .*'done'.* lexicon/contracts/README\.md shows how"):
        contract_formulas.load("tlh")
