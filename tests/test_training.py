"""The network learns what gold says, and what is written of it says the same as what was fitted."""

import json
import math
import random
from itertools import pairwise

import numpy as np
import pytest
from entente import encoder, passages
from entente.errors import EntenteError
from entente.records import Gold

pytest.importorskip("torch", reason="torch is needed to fit; pip install 'entente[train]'")
pytest.importorskip("onnx", reason="onnx is needed to fit; pip install 'entente[train]'")

import torch
from entente import fit, network, training, windows

TEXT = "Acme Corp and Beta Ltd formed a joint venture, Abet Inc, in May. Gamma Plc, a rival, said nothing. Delta AG paid."
ALLIANCE = {
    "partners": ["Acme Corp", "Beta Ltd"],
    "venture_name": "Abet Inc",
    "form": "joint_venture",
    "equity_status": "equity",
    "functions": ["production"],
    "value_chain": "horizontal",
    "status": "signed",
    "evidence": ["Acme Corp and Beta Ltd formed a joint venture, Abet Inc, in May."],
}


def examples(*alliances):
    """Return the examples of TEXT with the gold *alliances*, and the names of its entities."""
    parsed = passages.parse(TEXT, "", "en")
    gold = Gold.model_validate({"id": "a", "alliances": alliances})
    return training.examples(parsed, "", gold, encoder.tokenizer()), [e.name for e in parsed.entities]


def small():
    """Return a small network, the same at each call."""
    torch.manual_seed(1)
    return network.Network(encoder.tokenizer().get_vocab_size(), 1, windows.KINDS)


def test_targets_are_what_the_gold_says():
    """One pair is allied, no other; the venture is named; the first sentence is the evidence."""
    (example,), names = examples(ALLIANCE)

    allied = {
        tuple(names[example.window.entities[i][0]] for i in pair)
        for pair in zip(*np.nonzero(example.pair == 1), strict=True)
    }
    ventures = [
        names[i] for (i, _), row in zip(example.window.entities, example.entity, strict=True) if row[1]
    ]
    assert allied == {("Acme Corp", "Beta Ltd")}
    assert ventures == ["Abet Inc"]
    assert example.sentence[0] == 1
    assert sum(example.sentence) == 1
    assert network.WINDOW_OUTPUTS[example.outcome] == "alliance"


def test_a_text_without_an_alliance_has_no_allied_pair():
    (example,), _ = examples()

    assert not (example.pair == 1).any()
    assert network.WINDOW_OUTPUTS[example.outcome] == "other"


def test_entities_that_are_left_out_are_no_partners(monkeypatch):
    monkeypatch.setattr(training, "MOST", 3)
    (example,), names = examples(ALLIANCE)

    thinned = training.thinned(example, random.Random(1))

    kept = [names[i] for i, _ in thinned.window.entities]
    assert len(kept) == 3
    assert {"Acme Corp", "Beta Ltd", "Abet Inc"} == set(kept)
    assert thinned.pair.shape == (3, 3)


@pytest.mark.parametrize(
    ("text", "evidence", "found"),
    [
        ("Acme Corp makes cars.", "", 1),
        ("It rained a lot.", "", 0),
        ("They will do it all together.", "They will", 1),
    ],
)
def test_what_names_an_organisation_or_is_evidence_is_learned_from_without_a_cue(text, evidence, found):
    alliances = [ALLIANCE | {"evidence": [evidence]}] if evidence else []
    gold = Gold.model_validate(
        {"id": "a", "alliances": alliances, "non_alliance": None if evidence else "other"}
    )

    assert len(training.examples(passages.parse(text, "", "en"), "", gold, encoder.tokenizer())) == found


def test_sentences_that_say_nothing_of_an_alliance_are_left_out_and_all_else_stays_what_it_was(monkeypatch):
    """Evidence stays, and who names a party; tokens keep their sentences, kinds and entities."""
    monkeypatch.setattr(training, "LEFT_OUT", 1)
    text = f"Delta AG paid for a licensing agreement. {TEXT} Beta Ltd is a partnership. Gamma Plc won."
    parsed = passages.parse(text, "", "en")
    gold = Gold.model_validate({"id": "a", "alliances": [ALLIANCE]})
    (example,) = training.examples(parsed, "", gold, encoder.tokenizer())

    short = training.shortened(example, random.Random(1))

    def stretch(window, tokens):
        return text[window.spans[tokens[0]][0] : window.spans[tokens[-1]][1]]

    read = [stretch(short.window, range(first, end)).strip() for _, first, end in short.window.sentences]
    assert read == [ALLIANCE["evidence"][0], "Beta Ltd is a partnership."]
    assert short.sentence == [1, 0]
    named = {parsed.entities[i].name: tokens for i, tokens in short.window.entities}
    assert named.keys() == {"Acme Corp", "Beta Ltd", "Abet Inc"}
    for name, tokens in named.items():
        assert name.startswith(stretch(short.window, tokens[:1]).strip())
    kinds = dict(zip(example.window.spans, example.window.kinds, strict=True))
    assert [kinds[span] for span in short.window.spans[1:-1]] == short.window.kinds[1:-1]
    assert np.argwhere(short.pair == 1).tolist() == [[0, 1]]


def test_a_sentence_that_is_left_out_may_bring_two_names_together(monkeypatch):
    """None has as many tokens then: it keeps its own."""
    monkeypatch.setattr(training, "LEFT_OUT", 1)
    text = "It told of a joint venture with Acme Data Corp\n\nIt rained a lot all day.\n\nAcme Data Corp paid for it."
    parsed = passages.parse(text, "", "en")
    alliance = ALLIANCE | {"partners": ["Acme Data Corp"], "evidence": [text[:46]], "venture_name": None}
    gold = Gold.model_validate({"id": "a", "alliances": [alliance]})
    (example,) = training.examples(parsed, "", gold, encoder.tokenizer())
    names, short = training.Names([example]), training.shortened(example, random.Random(1))

    assert len(training.own_names(short)) < len(training.own_names(example))
    assert names.changed(short, random.Random(1)) == short.window.ids


def test_a_text_without_an_alliance_keeps_a_sentence(monkeypatch):
    monkeypatch.setattr(training, "LEFT_OUT", 1)
    (example,), _ = examples()

    assert len(training.shortened(example, random.Random(1)).window.sentences) == 1


def test_words_are_made_unknown_and_names_and_marks_are_not(monkeypatch):
    monkeypatch.setattr(training, "DOUBTFUL", 1)
    monkeypatch.setattr(training, "UNKNOWN", 1)
    (example,), _ = examples(ALLIANCE)

    read = training.collate([example], random.Random(1))[0]["ids"][0].tolist()

    window, unknown = example.window, encoder.tokenizer().token_to_id("<unk>")
    kept = {t for t, i in enumerate(window.ids) if read[t] == i != unknown}
    assert kept == {0, len(window.ids) - 1} | {t for _, tokens in window.entities for t in tokens}


def test_fitting_brings_the_loss_down_and_is_the_same_each_time():
    found, _ = examples(ALLIANCE)

    def fitted():
        told, net = [], small()
        training.train(net, found * 4, 8, 1, told.append)
        return [float(line.split()[-1]) for line in told], net

    (first, net), (second, other) = fitted(), fitted()

    assert first[-1] < first[0] / 2
    assert first == second
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), other.parameters(), strict=True))


@pytest.mark.parametrize(("learned", "read"), [("all", 4), ("none", 12)])
def test_what_is_learned_is_not_read_in_every_epoch(monkeypatch, learned, read):
    """Four windows in three epochs: what the first one learns, the others may leave out."""
    collate, batches = training.collate, []
    monkeypatch.setattr(training, "collate", lambda own, *rest: batches.append(own) or collate(own, *rest))
    monkeypatch.setattr(training, "READ_AGAIN", 0)
    monkeypatch.setattr(training, "EASY", math.inf if learned == "all" else 0)
    found, _ = examples(ALLIANCE)

    training.train(small(), found * 4, 3, 1)

    assert sum(map(len, batches)) == read


def test_the_mean_of_weights_counts_each_as_often_as_it_is_named(tmp_path):
    """What another fit left there does not count."""
    for stage, value in enumerate((0.0, 3.0, 9.0)):
        torch.save({"w": torch.tensor([value, 1.0])}, fit.checkpoint(tmp_path, stage))

    assert fit.mean(tmp_path, [0, 1], 2)["w"].tolist() == [1.5, 1.0]
    assert fit.mean(tmp_path, [0, 1, 1], 2)["w"].tolist() == [2.0, 1.0]
    with pytest.raises(EntenteError, match="2 stages are done"):
        fit.mean(tmp_path, [1, 2], 2)


def test_the_written_network_says_what_the_fitted_one_says(tmp_path, monkeypatch):
    """To the error of 8 bits a weight; for windows of any size, with its codes beside it."""
    net = small().eval()
    training.export(net, tmp_path / "encoder.onnx")
    (tmp_path / "tokenizer.json").write_text(encoder.tokenizer().to_str(), encoding="utf-8")
    (example,), _ = examples(ALLIANCE)
    inputs = encoder.inputs(example.window)
    expected = net(**{name: torch.from_numpy(array) for name, array in inputs.items()})
    try:
        encoder.use(tmp_path)
        found = encoder.session().run(None, inputs)
        codes = encoder.outputs()
    finally:
        encoder.use(encoder.files("entente").joinpath("model"))

    for one, other in zip(found, expected, strict=True):
        assert np.abs(one - other.detach().numpy()).max() < 0.05 * (1 + np.abs(one).max())
    assert codes == [list(output) for output in network.PAIR_OUTPUTS]
    assert (tmp_path / "encoder.onnx").stat().st_size < 40_000_000


def test_borrowed_names_change_names_alone_and_each_the_same_way():
    """Tokens that are no name's, and the number of tokens, stay; a short form stays the beginning of the full one."""
    text = "Acme Data Corp and Beta Ltd formed a joint venture. Acme Data said that Beta will lead it."
    partners = ["Acme Data Corp", "Beta Ltd"]
    gold = Gold.model_validate(
        {
            "id": "a",
            "alliances": [ALLIANCE | {"partners": partners, "venture_name": None, "evidence": [text[:51]]}],
        }
    )
    (example,) = training.examples(passages.parse(text, "", "en"), "", gold, encoder.tokenizer())
    others, _ = examples(ALLIANCE)
    named = {token for _, tokens in example.window.entities for token in tokens}

    changed = training.Names([example, *others]).changed(example, random.Random(2))

    plain = example.window.ids
    assert len(changed) == len(plain)
    assert {n for n in range(len(plain)) if changed[n] != plain[n]} <= named
    assert all((changed[a] == changed[b]) for a in named for b in named if plain[a] == plain[b])


def test_the_gate_learns_from_what_the_encoder_finds_and_from_gold(tmp_path):
    """Of a text that is coded the gold counts, though the encoder finds nothing there."""
    texts = [
        f"{first} Corp and {second} Ltd formed a joint venture to make phones."
        for first, second in pairwise(["Alba", "Brix", "Corda", "Dorna", "Elva", "Fenix", "Garda", "Halma"])
    ]
    places = [
        "Oslo",
        "Lima",
        "Rome",
        "Cairo",
        "Delhi",
        "Tokyo",
        "Quito",
        "Lagos",
        "Seoul",
        "Minsk",
        "Turin",
        "Basle",
    ]
    quiet = [f"Dealers in {place} spoke of no joint venture at all." for place in places]
    strange = [
        f"On {day} a joint venture of whalers was told of by Acme Corp."
        for day in ("Sunday", "Monday", "Friday")
    ]
    with (tmp_path / "pool.jsonl").open("w", encoding="utf-8") as file:
        for number, text in enumerate([*texts, *quiet, *strange]):
            file.write(json.dumps({"id": str(number), "language": "en", "text": text}) + "\n")
    coded = [
        (
            {"id": f"coded{number}", "title": "", "language": "en", "text": text},
            Gold.model_validate(
                {
                    "id": f"coded{number}",
                    "alliances": [ALLIANCE | {"partners": ["Acme Corp"], "evidence": [text]}],
                }
            ),
        )
        for number, text in enumerate(strange)
    ]

    config = {"gate": {"en": ["*.jsonl"]}, "held_out": 10}
    (weights,) = fit.gates(config, tmp_path, coded).values()

    assert weights["word:phones"] > 0
    assert weights["word:whalers"] > 0
    assert "word:sunday" not in weights  # met once
    assert weights["word:dealers"] < 0


def test_no_text_that_scores_are_computed_on_is_fitted_on(tmp_path):
    """Though another file has it by another id, and with other blanks."""
    for folder in ("data", "own/coded", "own/written"):
        (tmp_path / folder).mkdir(parents=True)
    texts = {
        "data/scored": ("1", "Acme  joins Beta."),
        "data/train": ("2", "Acme joins Beta."),
        "own/written/en": ("3", "C and D."),
    }
    for name, (number, text) in texts.items():
        document = {"id": number, "language": "en", "text": text}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(document) + "\n", encoding="utf-8")
        (tmp_path / f"{name}.gold.jsonl").write_text(
            json.dumps({"id": number, "alliances": [], "non_alliance": "other"}) + "\n", encoding="utf-8"
        )
    config = {"documents": ["train.jsonl"], "coded": ["train.jsonl"], "scored": ["scored.jsonl"]}

    assert [d["id"] for d, _ in fit.cases(config, tmp_path / "data", tmp_path / "own")] == ["3"]


def test_texts_of_a_set_are_held_out_together_and_one_document_in_so_many():
    held = [{fit.is_held_out({"id": f"en-{n}#{k}"}, 10) for k in range(1, 5)} for n in range(2000)]

    assert all(len(own) == 1 for own in held)
    assert 150 < sum(own == {True} for own in held) < 250  # 200 expected, standard deviation 13
