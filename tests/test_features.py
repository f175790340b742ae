"""What speaks for a candidate is told from the text around it, and from the title."""

from entente import passages
from entente.features import TITLE, Setting


def test_a_name_in_the_title_is_told_and_a_title_without_end_is_read_to_a_limit():
    """Each name takes time with the title's length: a hostile one is no reason to wait."""
    parsed = passages.parse("Acme Corp and Beta Ltd formed a joint venture.", "", "en")
    number = {entity.name: i for i, entity in enumerate(parsed.entities)}

    assert Setting.of("Acme Corp in venture", parsed).titled == {number["Acme Corp"]}
    assert Setting.of("x" * TITLE + " Acme Corp", parsed).titled == set()
