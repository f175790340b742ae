"""Fit the network (``network.py``) to documents with gold, and write it for the encoder (``encoder.py``). Needs torch.

Deterministic for a seed, a number of threads and a kind of processor.
"""

import json
import math
import random
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch.nn import functional

from entente import encoder, network, windows
from entente.codebook import codes
from entente.gold import overlaps
from entente.names import same
from entente.vocabulary import SPECIAL

TOKENS = 2048  # tokens of a batch
MOST = 24  # entities of a window in training; further ones that are no partners are left out by chance
RATE, HEAD_RATE = 1.5e-4, 1e-3  # highest learning rates of the encoder and of the heads
WARM = 0.1  # part of the epochs in which the rates rise; then they fall to 0
USUAL = 0.005  # part of all names above which a token is no name's own, such as "Corp"
BLIND = 0.2  # part of the windows that are read without the lexicon's phrases, so that these are of help, not of need
LEFT_OUT = 0.25  # part of the sentences that a window may lack
# Part of the windows in which some words are unknown, and of their tokens but for names in the text.
DOUBTFUL, UNKNOWN = 0.35, 0.1
EASY, READ_AGAIN = 0.05, 0.4  # loss below which a window is learned; part of such that an epoch reads again
# How much each part of the loss counts; sums over a window, means over a batch.
WEIGHTS = {"pair": 0.5, "code": 0.6, "entity": 0.2, "sentence": 0.2, "window": 0.5}
IGNORED = -100  # torch's mark of a target that does not count


@dataclass
class Example:
    """A window with what the network should say of it; targets of what is not decided are IGNORED (or -1)."""

    window: windows.Window
    pair: np.ndarray  # (entities, entities): 1 allied, 0 not, -1 ignored; below the diagonal ignored
    which: np.ndarray  # (entities, entities): number of the alliance of an allied pair, else -1
    entity: np.ndarray  # (entities, 2): partner, venture; -1 ignored
    sentence: list  # 1 if it is evidence
    outcome: int  # index into network.WINDOW_OUTPUTS
    alliances: list  # GoldAlliance
    language: str
    firms: list  # of each entity, whether it is surely an organisation: a partner, or one with a legal form


def examples(parsed, title, gold, tokenizer):
    """Return the Examples of a document: its windows that name an organisation, or have evidence."""
    alliances = gold.alliances
    party = [[_positions(a.partners, e) for a in alliances] for e in parsed.entities]
    venture = [
        any(a.venture_name and _positions([a.venture_name], e) for a in alliances) for e in parsed.entities
    ]
    found, cut = [], windows.cut(parsed.text, title, parsed.sentences, tokenizer)
    windows.mark(cut, parsed)
    for window in cut:
        evidence = [
            {n for n, a in enumerate(alliances) if overlaps(parsed.text, *parsed.sentences[i], a.evidence)}
            for i, _, _ in window.sentences
        ]
        here = set().union(*evidence)
        if not (here or window.entities):
            continue
        numbers = [i for i, _ in window.entities]
        pair, which = _pair_targets(numbers, party, here, alliances)
        member = [{n for n, own in enumerate(party[i]) if own} for i in numbers]
        entity = [
            [1 if of & here else -1 if of else 0, int(venture[i])]
            for i, of in zip(numbers, member, strict=True)
        ]
        instead = "alliance" if here else "other" if alliances else gold.non_alliance or "other"
        found.append(
            Example(
                window,
                pair,
                which,
                np.array(entity).reshape(-1, 2),
                [int(bool(e)) for e in evidence],
                network.WINDOW_OUTPUTS.index(instead),
                alliances,
                parsed.language,
                [
                    bool(of or venture[i] or "legal_form" in parsed.entities[i].traits)
                    for i, of in zip(numbers, member, strict=True)
                ],
            )
        )
    return found


def _positions(names, entity):
    """Return the positions of those of *names* that an entity bears."""
    return {n for n, name in enumerate(names) if any(same(name, own.text) for own in entity.names)}


def _pair_targets(numbers, party, here, alliances):
    """Return which pairs of entities are allied, and in which alliance, as far as the window's evidence says."""
    size = len(numbers)
    pair, which = np.full((size, size), -1), np.full((size, size), -1)
    for row, i in enumerate(numbers):
        for column in range(row, size):
            j = numbers[column]
            if row == column:
                common = [n for n, own in enumerate(party[i]) if own and len(alliances[n].partners) == 1]
                others = any(
                    party[i][n] and party[k][n] for k in numbers if k != i for n in range(len(alliances))
                )
                decided = not any(party[i]) or others
            else:
                common = [n for n in range(len(alliances)) if party[i][n] and party[j][n]]
                decided = not common
                common = [n for n in common if party[i][n] != party[j][n]]  # else two names of one partner
            told = [n for n in common if n in here]
            if told:
                pair[row, column], which[row, column] = 1, told[0]
            elif decided and not common:
                pair[row, column] = 0
    return pair, which


def thinned(example, rng):
    """Return an example with MOST entities at most: the partners, and some of the others."""
    size = len(example.window.entities)
    if size <= MOST:
        return example
    kept = [i for i in range(size) if example.entity[i].any()][:MOST]
    rest = [i for i in range(size) if i not in kept]
    return _of(example, sorted(kept + rng.sample(rest, max(0, MOST - len(kept)))))


def shortened(example, rng):
    """Return an example without some of the sentences that neither are evidence nor name a party, one left at least."""
    window = example.window
    named = zip(window.entities, example.entity, strict=True)
    parties = {token for (_, own), of in named if of.any() for token in own}
    kept = [
        at
        for at, (_, first, end) in enumerate(window.sentences)
        if example.sentence[at] or parties.intersection(range(first, end)) or rng.random() >= LEFT_OUT
    ] or [0]
    if len(kept) == len(window.sentences):
        return example
    left_out = [own for at, own in enumerate(window.sentences) if at not in kept]
    gone = {t for _, first, end in left_out for t in range(first, end)}
    tokens = [t for t in range(len(window.ids)) if t not in gone]
    place = {old: new for new, old in enumerate(tokens)}
    entities = [(i, [place[t] for t in own if t in place]) for i, own in window.entities]
    named = [row for row, (_, own) in enumerate(entities) if own]
    sentences = [window.sentences[at] for at in kept]
    short = windows.Window(
        [window.ids[t] for t in tokens],
        [window.spans[t] for t in tokens],
        [(number, place[first], place[first] + end - first) for number, first, end in sentences],
        [window.kinds[t] for t in tokens],
        [entities[row] for row in named],
    )
    return replace(_of(example, named), window=short, sentence=[example.sentence[at] for at in kept])


def _of(example, rows):
    """Return an example with those of its entities alone that are in *rows*."""
    grid = np.ix_(rows, rows)
    return replace(
        example,
        window=replace(example.window, entities=[example.window.entities[row] for row in rows]),
        pair=example.pair[grid],
        which=example.which[grid],
        entity=example.entity[rows],
        firms=[example.firms[row] for row in rows],
    )


class Names:
    """The names of the organisations of some Examples, as tokens, to be borrowed."""

    def __init__(self, found):
        self.known = defaultdict(list)
        counts, total = Counter(), 0
        for example in found:
            for name in own_names(example):
                self.known[example.language, len(name)].append(name)
                counts.update(set(name))
                total += 1
        self.usual = {token for token, count in counts.items() if count > USUAL * total}

    def changed(self, example, rng):
        """Return the token ids of an example's window, in which its organisations bear other names, of as many tokens.

        A token is replaced by the same one wherever it stands in a name, so that short forms stay short forms; usual
        ones, such as legal forms, stay.
        """
        ids, other = list(example.window.ids), {}
        for name in sorted(set(own_names(example)), key=lambda name: (-len(name), name)):
            # What was shortened may have two names in a row: none has as many tokens.
            lent = rng.choice(self.known.get((example.language, len(name))) or [name])
            for old, new in zip(name, lent, strict=True):
                if not {old, new} & self.usual:
                    other.setdefault(old, new)
        for (_, tokens), firm in zip(example.window.entities, example.firms, strict=True):
            for token in tokens if firm else ():
                ids[token] = other.get(ids[token], ids[token])
        return ids


def own_names(example):
    """Return the names of those entities of an example that surely are organisations, as tuples of tokens."""
    found = []
    for (_, tokens), firm in zip(example.window.entities, example.firms, strict=True):
        if firm:
            cuts = [0, *(n for n in range(1, len(tokens)) if tokens[n] > tokens[n - 1] + 1), len(tokens)]
            found += [tuple(example.window.ids[t] for t in tokens[a:b]) for a, b in pairwise(cuts)]
    return found


def collate(batch, rng=None, names=None, renamed=0.0):
    """Return the network's inputs and the targets of some Examples, padded to the longest, as dicts of tensors.

    With *rng*, some windows are read without the lexicon's phrases, some with words unknown, and a part *renamed* with
    other *names*.
    """
    length = -(-max(len(e.window.ids) for e in batch) // 32) * 32  # few different sizes: each is planned once
    entities = -(-max(1, *(len(e.window.entities) for e in batch)) // 8) * 8
    sentences = max(len(e.window.sentences) for e in batch)
    size, functions = len(batch), len(codes("function"))
    inputs = {
        "ids": torch.ones(size, length, dtype=torch.long),
        "kinds": torch.zeros(size, length, dtype=torch.long),
        "present": torch.zeros(size, length),
        "entities": torch.zeros(size, entities, length),
        "sentences": torch.zeros(size, sentences, length),
    }
    targets = {
        "pair": torch.full((size, entities, entities), -1.0),
        "share": torch.zeros(size, entities, entities),  # 1 / number of allied pairs of the window
        **{
            name: torch.full((size, entities, entities), IGNORED)
            for name in ("form", "status", "value_chain")
        },
        "function": torch.zeros(size, entities, entities, functions),
        "entity": torch.full((size, entities, 2), -1.0),
        "sentence": torch.full((size, sentences), -1.0),
        "window": torch.tensor([e.outcome for e in batch]),
    }
    for row, example in enumerate(batch):
        own = encoder.inputs(example.window)
        for name, tensor in inputs.items():
            array = torch.from_numpy(own[name][0])
            tensor[(row, *(slice(n) for n in array.shape))] = array
        if rng and rng.random() < BLIND:
            inputs["kinds"][row][inputs["kinds"][row] != windows.NAME] = windows.PLAIN
        if rng and rng.random() < renamed:
            inputs["ids"][row, : len(example.window.ids)] = torch.tensor(names.changed(example, rng))
        if rng and rng.random() < DOUBTFUL:
            pieces = enumerate(zip(example.window.ids, example.window.kinds, strict=True))
            words = [t for t, (i, kind) in pieces if kind != windows.NAME and i >= len(SPECIAL)]
            inputs["ids"][row, [t for t in words if rng.random() < UNKNOWN]] = SPECIAL.index("<unk>")
        count = len(example.window.entities)
        if count:
            targets["pair"][row, :count, :count] = torch.from_numpy(example.pair).float()
            targets["entity"][row, :count] = torch.from_numpy(example.entity).float()
        targets["sentence"][row, : len(example.sentence)] = torch.tensor(example.sentence).float()
        places = list(zip(*np.nonzero(example.pair == 1), strict=True))
        for i, j in places:
            alliance = example.alliances[example.which[i, j]]
            targets["share"][row, i, j] = 1 / len(places)
            for name in ("form", "status", "value_chain"):
                targets[name][row, i, j] = codes(name).index(getattr(alliance, name))
            for function in alliance.functions:
                targets["function"][row, i, j, codes("function").index(function)] = 1
    return inputs, targets


def losses(logits, targets):
    """Return the loss of each window of a batch, a tensor (batch,)."""
    pairs, entities, sentences, window = (output.float() for output in logits)

    def binary(output, target):
        each = functional.binary_cross_entropy_with_logits(output, target.clamp(min=0), reduction="none")
        return (each * (target >= 0)).flatten(1).sum(1)

    coded = (
        functional.binary_cross_entropy_with_logits(
            pairs[..., network.outputs("function")], targets["function"], reduction="none"
        ).sum(-1)
        * targets["share"]
    )
    for name in ("form", "status", "value_chain"):
        output = pairs[..., network.outputs(name)].permute(0, 3, 1, 2)
        coded = coded + functional.cross_entropy(output, targets[name], reduction="none") * targets["share"]
    parts = {
        "pair": binary(pairs[..., 0], targets["pair"]),
        "code": coded.flatten(1).sum(1),
        "entity": binary(entities, targets["entity"]),
        "sentence": binary(sentences, targets["sentence"]),
        "window": functional.cross_entropy(window, targets["window"], reduction="none"),
    }
    return sum(WEIGHTS[name] * part for name, part in parts.items())


def batches(lengths, rng):
    """Return the positions of *lengths* in batches of some TOKENS tokens, like lengths together, in random order."""
    order = sorted(range(len(lengths)), key=lambda n: lengths[n] + 40 * rng.random())
    cut, batch = [], []
    for n in order:
        if batch and (len(batch) + 1) * lengths[n] > TOKENS:
            cut.append(batch)
            batch = []
        batch.append(n)
    cut += [batch] if batch else []
    rng.shuffle(cut)
    return cut


def train(net, found, epochs, seed, told=lambda _: None, saved=None, renamed=0.0, rate=1.0):
    """Fit a Network to Examples, in place.

    Few epochs read a window as the one before: some sentences, words and names change, and of those that are learned
    each epoch leaves some out.

    Parameters
    ----------
    renamed : float
        Part of the windows in which organisations bear the names of others, for what is said of them counts.
    rate : float
        The highest learning rates, as a part of RATE and HEAD_RATE.
    told : callable
        Is given a line on each epoch.
    saved : Path
        Where the weights are kept after each epoch.
    """
    torch.manual_seed(seed)
    rng, names = random.Random(seed), Names(found)  # noqa: S311
    net.words.weight.requires_grad = False  # 24 million weights; too few documents to move them
    base = [p for block in (net.positions, net.kinds, net.norm, net.blocks) for p in block.parameters()]
    known = {id(p) for p in base}
    heads = [p for p in net.parameters() if p.requires_grad and id(p) not in known]
    groups = [{"params": base, "lr": rate * RATE}, {"params": heads, "lr": rate * HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    highest, last = [group["lr"] for group in groups], [math.inf] * len(found)
    for epoch in range(epochs):
        net.train()
        read = [n for n, value in enumerate(last) if not value < EASY or rng.random() < READ_AGAIN]
        altered = [shortened(thinned(found[n], rng), rng) for n in read]
        cut = batches([len(e.window.ids) for e in altered], rng)
        for step, batch in enumerate(cut):
            done, begun = ((epoch + n / len(cut)) / epochs for n in (step, step + 1))
            for group, most in zip(optimiser.param_groups, highest, strict=True):
                group["lr"] = most * min(begun / WARM, (1 - done) / (1 - WARM), 1)
            inputs, targets = collate([altered[n] for n in batch], rng, names, renamed)
            with torch.autocast("cpu", torch.bfloat16):
                each = losses(net(**inputs), targets)
            each.mean().backward()
            torch.nn.utils.clip_grad_norm_(base + heads, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            for n, value in zip(batch, each.tolist(), strict=True):
                last[read[n]] = value
        if saved:
            torch.save(net.state_dict(), saved)
        told(f"epoch {epoch + 1} of {epochs}: loss {sum(last) / len(last):.3f}")
    return net.eval()


def export(net, path):
    """Write a Network as ONNX, its large weights as 8-bit integers with a scale per row or column.

    They are turned back into floats when the model is loaded (the embeddings when a token is looked up): 8 bits make
    the file small; arithmetic in floats makes the results the same on every processor, to the digits that are kept.
    """
    example = {
        "ids": torch.tensor([[0, 9, 8, 7, 2]]),
        "kinds": torch.zeros(1, 5, dtype=torch.long),
        "present": torch.ones(1, 5),
        "entities": torch.tensor([[[0.0, 1, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 0, 1]]]),
        "sentences": torch.full((1, 2, 5), 0.2),
    }
    axes = {name: {1: "tokens"} for name in ("ids", "kinds", "present")}
    axes |= {name: {1: name, 2: "tokens"} for name in ("entities", "sentences")}
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of the older exporter: it writes the plain graph that `compress` expects
        torch.onnx.export(
            net,
            tuple(example.values()),
            path,
            input_names=list(example),
            output_names=["pairs", "named", "evidence", "window"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load(path)
    compress(model.graph)
    helper.set_model_props(model, {"outputs": json.dumps(network.PAIR_OUTPUTS)})
    onnx.checker.check_model(model)
    onnx.save(model, path)


def compress(graph):
    """Replace the large float weights of an ONNX graph by 8-bit integers and their scales."""
    looked_up = {node.input[0] for node in graph.node if node.op_type == "Gather"}
    added, kept = [], []
    for weight in graph.initializer:
        array = numpy_helper.to_array(weight)
        if array.dtype != np.float32 or array.ndim != 2 or array.size < 10_000:
            kept.append(weight)
            continue
        rows = weight.name in looked_up
        scale = np.maximum(np.abs(array).max(axis=1 if rows else 0, keepdims=True) / 127, 1e-12).astype(
            np.float32
        )
        small = np.rint(array / scale).astype(np.int8)
        kept += [
            numpy_helper.from_array(small, weight.name + ".int8"),
            numpy_helper.from_array(scale, weight.name + ".scale"),
        ]
        if rows:
            for node in [n for n in graph.node if n.op_type == "Gather" and n.input[0] == weight.name]:
                added += _looked_up(weight.name, node)
                graph.node.remove(node)
        else:
            added += [
                helper.make_node(
                    "Cast", [weight.name + ".int8"], [weight.name + ".wide"], to=TensorProto.FLOAT
                ),
                helper.make_node("Mul", [weight.name + ".wide", weight.name + ".scale"], [weight.name]),
            ]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    others = list(graph.node)
    del graph.node[:]
    graph.node.extend(added + others)  # in topological order: what is added reads weights and inputs only


def _looked_up(name, node):
    """Return the nodes that look a row of weights up and turn it back into floats, in place of a Gather *node*."""
    index, output = node.input[1], node.output[0]
    return [
        helper.make_node("Gather", [name + ".int8", index], [output + ".int8"], axis=0),
        helper.make_node("Gather", [name + ".scale", index], [output + ".scale"], axis=0),
        helper.make_node("Cast", [output + ".int8"], [output + ".wide"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [output + ".wide", output + ".scale"], [output]),
    ]
