"""Read a document with the encoder of ``model/``: which of its organisations are allied, and what is coded of it.

The network (``network.py`` says what it computes) runs in ONNX Runtime, one window at a time and on one thread, so
that neither the neighbours of a document nor the machine's cores change what is read.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from entente import gate, passages, windows

DATA = ("model",)

LEAST = -6.0  # logit of a pair below which it is forgotten: 1 in 400

PARTNER, VENTURE = 0, 1  # what an entity's logits are


@dataclass
class Reading:
    """What the encoder says of a document, in logits.

    ``pairs`` maps (i, j), numbers of entities with i <= j, to the pair's outputs where its windows agree most; (i, i)
    stands for an alliance of which i is the only partner named. ``entities`` maps a number to (partner, venture),
    ``evidence`` the number of a sentence to how much it reports an alliance.
    """

    pairs: dict = field(default_factory=dict)
    entities: dict = field(default_factory=dict)
    evidence: dict = field(default_factory=dict)


_folder = [files("entente").joinpath("model")]


def use(folder):
    """Read with the model in *folder* from now on, in place of the one that ships."""
    _folder[0] = folder
    for known in (tokenizer, session, outputs):
        known.cache_clear()


@cache
def tokenizer():
    """Return the encoder's tokenizer."""
    return Tokenizer.from_str(_folder[0].joinpath("tokenizer.json").read_text(encoding="utf-8"))


@cache
def session():
    """Return the ONNX Runtime session of the network."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    network = _folder[0].joinpath("encoder.onnx").read_bytes()
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


@cache
def outputs():
    """Return what a pair's logits are, in their order: [attribute, code]; the first says whether there is an alliance.

    They are those of the codebook that the model was fitted by, which may know fewer codes than today's.
    """
    return json.loads(session().get_modelmeta().custom_metadata_map["outputs"])


def coded(logits):
    """Return a pair's logits by attribute and code: {attribute: {code: logit}}."""
    found = {}
    for (attribute, code), logit in zip(outputs(), logits, strict=True):
        found.setdefault(attribute, {})[code] = float(logit)
    return found


def read(text, title, language):
    """Return a text Parsed and its Reading: of those windows that pass the gate and name an organisation.

    If none passes, None: no names are looked for in most documents. Time grows with the tokens read; a window of 384
    tokens costs about the same whatever its text.
    """
    cut = windows.cut(text, title, passages.sentences(text, language), tokenizer())
    passing = gate.passed(text, title, language, cut)
    if not passing:
        return None
    parsed, reading = passages.parse(text, title, language), Reading()
    windows.mark(passing, parsed)
    for window in passing:
        if window.entities:
            gather(reading, window, session().run(None, inputs(window)))
    return parsed, reading


def inputs(window):
    """Return a window as the network takes it: {name: array}, a batch of one."""
    size = len(window.ids)
    entities = np.zeros((1, max(1, len(window.entities)), size), np.float32)
    for row, (_, tokens) in enumerate(window.entities):
        entities[0, row, tokens] = 1
    sentences = np.zeros((1, len(window.sentences), size), np.float32)
    for row, (_, first, end) in enumerate(window.sentences):
        sentences[0, row, first:end] = 1 / (end - first)
    return {
        "ids": np.array([window.ids]),
        "kinds": np.array([window.kinds]),
        "present": np.ones((1, size), np.float32),
        "entities": entities,
        "sentences": sentences,
    }


def gather(reading, window, logits):
    """Add what the network says of a *window* to the reading of its document."""
    pairs, entities, evidence, _ = (output[0] for output in logits)
    for row, (i, _) in enumerate(window.entities):
        known = reading.entities.get(i)
        # Copies, for a part of an output would keep all of it in memory.
        reading.entities[i] = entities[row].copy() if known is None else np.maximum(known, entities[row])
        for column, (j, _) in enumerate(window.entities[row:], row):
            both = pairs[row, column]
            known = reading.pairs.get((i, j))
            if both[0] >= LEAST and (known is None or both[0] > known[0]):
                reading.pairs[i, j] = both.copy()
    for row, (number, _, _) in enumerate(window.sentences):
        reading.evidence[number] = max(float(evidence[row]), reading.evidence.get(number, LEAST))
