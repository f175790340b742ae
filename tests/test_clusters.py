"""Reports of one alliance are put together, and others are not."""

import random

import pytest
from entente.clusters import Clusters, Report
from entente.codebook import codes
from reports import mention, resolved, together


def test_reports_of_the_same_partners_within_three_years_are_of_one_alliance():
    """A later one is of another; so is one of other partners."""
    reports = [
        mention("c/1", "Acme", "Bolt", date="2001-04-24"),
        mention("c/2", "Bolt", "Acme", date="2003"),
        mention("c/3", "Acme", "Bolt", date="2006-01"),
        mention("c/4", "Acme", "Cord", date="2001-04-24"),
    ]

    assert together(*reports) == {frozenset({"c/1", "c/2"}), frozenset({"c/3"}), frozenset({"c/4"})}


@pytest.mark.parametrize("status", ["in_force", "changed", "ended"])
def test_a_later_report_belongs_to_the_last_alliance_before_it(status):
    """The report is dated by its document, of 2008; an alliance of 2010 cannot be meant."""
    reports = [
        mention("c/1", "Acme", "Bolt", date="1990"),
        mention("c/2", "Acme", "Bolt", date="2000"),
        mention("c/3", "Acme", "Bolt", date="2010"),
        mention("c/4", "Acme", "Bolt", date="2008-05", status=status),
    ]

    assert frozenset({"c/2", "c/4"}) in together(*reports)


def test_an_undated_report_is_not_guessed_to_be_of_one_of_several_alliances():
    """If there is only one, it is of that."""
    old, new = mention("c/1", "Acme", "Bolt", date="1990"), mention("c/2", "Acme", "Bolt", date="2000")
    undated = mention("c/3", "Acme", "Bolt", date=None)

    assert together(old, undated) == {frozenset({"c/1", "c/3"})}
    assert together(old, new, undated) == {frozenset({"c/1"}), frozenset({"c/2"}), frozenset({"c/3"})}


def test_other_ventures_of_the_same_partners_are_other_alliances():
    """A venture's name in another script contradicts nothing."""
    first = mention("c/1", "Acme", "Bolt", venture_name="Autoline")
    other = mention("c/2", "Acme", "Bolt", venture_name="Europart")
    script = mention("c/3", "Acme", "Bolt", venture_name="甲乙汽车", language="zh")

    assert together(first, other) == {frozenset({"c/1"}), frozenset({"c/2"})}
    assert together(first, script) == {frozenset({"c/1", "c/3"})}


def test_the_same_venture_is_one_alliance_at_any_distance_in_time():
    """Its acronym is the same venture."""
    first = mention("c/1", "Acme", "Bolt", venture_name="New United Widget Makers Inc.", date="1984")
    later = mention("c/2", "Acme", "Bolt", venture_name="NUWM", date="2009")

    assert together(first, later) == {frozenset({"c/1", "c/2"})}


def test_one_partner_is_enough_with_the_same_venture_and_not_without():
    """As in the codebook's matching; only Acme is in both."""
    first = mention("c/1", "Acme", "Bolt", venture_name="Autoline")
    named = mention("c/2", "Acme", venture_name="Autoline")
    bare = mention("c/3", "Acme")

    assert together(first, named, bare) == {frozenset({"c/1", "c/2"}), frozenset({"c/3"})}


def test_two_mentions_of_one_document_are_two_alliances_unless_the_venture_is_one():
    """Whether they meet at once or through another document."""
    first = mention("c/1", "Acme", "Bolt", date="2001-01")
    second = mention("c/1", "Acme", "Bolt", date="2001-02", number=2)
    between = mention("c/2", "Acme", "Bolt", date="2001-03")
    ventures = [m.model_copy(update={"venture_name": "Autoline"}) for m in (first, second)]

    assert len(resolved(first, second, between)[0]) == 2
    assert len(resolved(*ventures)[0]) == 1


def test_alliances_of_many_are_one_if_one_set_holds_the_other_or_half_of_all_are_shared():
    """Two shared of six are too few."""
    five = mention("c/1", "Acme", "Bolt", "Cord", "Dent", "Eels")
    within = mention("c/2", "Acme", "Bolt")
    half = mention("c/3", "Acme", "Bolt", "Cord", "Fern")
    few = mention("c/4", "Acme", "Bolt", "Gear")

    assert together(five, within) == {frozenset({"c/1", "c/2"})}
    assert together(five, half) == {frozenset({"c/1", "c/3"})}
    assert together(five, few) == {frozenset({"c/1"}), frozenset({"c/4"})}


def test_members_join_an_alliance_of_many_rather_than_one_of_two():
    """Acme and Bolt also have an agreement of their own; new members are reported years later."""
    reports = [
        mention("c/1", "Acme", "Bolt", date="1994"),
        mention("c/2", "Acme", "Bolt", "Cord", "Dent", "Eels", date="1997"),
        mention("c/3", "Fern", "Gear", "Acme", "Bolt", date="2007", status="changed"),
    ]

    assert together(*reports) == {frozenset({"c/1"}), frozenset({"c/2", "c/3"})}


class Exhaustive(Clusters):
    """Clusters that are compared with all others."""

    def near(self, cluster):
        """Return the numbers of all clusters."""
        return set(range(len(self.clusters)))


def some_date(draw):
    """Return a date as documents give them, complete or not, or none."""
    date = f"{draw.randint(1988, 2004)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    return draw.choice([None, date[:4], date[:7], date])


def some_reports(draw):
    """Return reports of a few organisations, with any dates and statuses, some of a venture."""
    found = []
    for number in range(draw.randint(2, 30)):
        partners = draw.sample(["Acme", "Bolt", "Cord", "Dune", "Elba"], draw.randint(1, 4))
        changes = {"date": some_date(draw), "status": draw.choice(codes("status"))}
        venture = draw.choice([None, None, None, "New United Widget Makers", "NUWM", "Autoline"])
        met = mention(f"c/{draw.randint(1, 20)}", *partners, number=number, venture_name=venture, **changes)
        found.append(Report.of(met, 0, "c", some_date(draw)))
        found[-1].organisations = found[-1].keys
    return found


def test_what_is_not_compared_would_not_have_fitted():
    """Comparing all clusters with all puts the same reports together, in two corpora one after the other too."""

    def put_together(clusters, seed):
        draw = random.Random(seed)
        for _ in range(2):
            clusters.add(some_reports(draw))
        return [[report.mention for report in cluster.reports] for cluster in clusters.clusters]

    for seed in range(200):
        assert put_together(Clusters(), seed) == put_together(Exhaustive(), seed)
