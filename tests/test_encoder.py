"""What the encoder reads of a document does not depend on other documents, on threads, or on the order of reading."""

import json
import os
import subprocess
import sys

import numpy as np
import onnxruntime
import pytest
from entente import encoder, passages, windows

TEXTS = {
    "en": "Acme Corp and Beta Ltd formed a joint venture to make mobile phones. Gamma Inc was not part of it.",
    "de": "Die Siemens AG und die Bosch GmbH gründen ein Gemeinschaftsunternehmen. Die Allianz SE schwieg.",
    "zh": "丰田汽车与比亚迪签署协议，成立合资公司，双方各持股50%。",
}

# Prints a digest of all that is read of a text, on the cores that are given.
DIGEST = """
import hashlib, json, os, sys
os.sched_setaffinity(0, json.loads(sys.argv[1]))
from entente import encoder
_, reading = encoder.read(sys.argv[2], "", "en")
pairs = [(pair, logits.tobytes()) for pair, logits in sorted(reading.pairs.items())]
assert pairs
print(hashlib.sha256(repr((pairs, sorted(reading.evidence.items()))).encode()).hexdigest())
"""


def read(language):
    """Return the Reading of a text, and its entities' names."""
    parsed, reading = encoder.read(TEXTS[language], "", language)
    return reading, [entity.name for entity in parsed.entities]


def marked(parsed):
    """Return the windows of a parsed document, marked."""
    found = windows.cut(parsed.text, "", parsed.sentences, encoder.tokenizer())
    windows.mark(found, parsed)
    return found


@pytest.mark.parametrize("language", TEXTS)
def test_partners_are_tied_and_bystanders_are_not(language):
    reading, names = read(language)

    surest = max(
        (pair for pair in reading.pairs if pair[0] != pair[1]), key=lambda pair: reading.pairs[pair][0]
    )
    assert [names[i] for i in surest] == names[:2]


def test_other_documents_in_between_change_nothing():
    """To the last bit."""
    first, _ = read("en")
    read("zh")
    again, _ = read("en")

    assert first.pairs.keys() == again.pairs.keys()
    assert all(np.array_equal(first.pairs[pair], again.pairs[pair]) for pair in first.pairs)


def test_cores_change_nothing():
    """To the last bit: a job may be given any number of cores."""
    digests = set()
    for cores in (sorted(os.sched_getaffinity(0))[:1], sorted(os.sched_getaffinity(0))):
        ran = subprocess.run(
            [sys.executable, "-c", DIGEST, json.dumps(cores), TEXTS["en"] * 5],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        digests.add(ran.stdout)

    assert len(digests) == 1


def test_threads_change_nothing_that_is_kept():
    """Of a session with threads of its own, to far more digits than are kept: it adds up in other portions."""
    parsed = passages.parse(TEXTS["en"] * 5, "", "en")
    (window,) = marked(parsed)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 3
    network = encoder.files("entente").joinpath("model", "encoder.onnx").read_bytes()
    threaded = onnxruntime.InferenceSession(network, options)

    both = [session.run(None, encoder.inputs(window)) for session in (encoder.session(), threaded)]

    assert all(np.allclose(one, other, atol=1e-4) for one, other in zip(*both, strict=True))


def test_a_job_reads_on_one_thread():
    """The workflow has a job for each core: with threads of their own, jobs would take each other's."""
    options = encoder.session().get_session_options()

    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)


def test_padding_changes_nothing_that_is_kept():
    """A window read beside a longer one says the same, to far more digits than are kept."""
    parsed = passages.parse(TEXTS["en"], "", "en")
    (window,) = marked(parsed)
    alone = encoder.inputs(window)
    padded = {
        name: np.concatenate([array, np.zeros((*array.shape[:-1], 40), array.dtype)], -1)
        for name, array in alone.items()
    }

    both = [encoder.session().run(None, inputs) for inputs in (alone, padded)]

    assert all(np.allclose(one, other, atol=1e-4) for one, other in zip(*both, strict=True))


@pytest.mark.parametrize("language", ["en", "de"])
def test_an_empty_document_is_not_read(language):
    assert encoder.read("", "", language) is None


@pytest.mark.parametrize(
    ("text", "windows_read"),
    [
        ("Die Acme AG und die Beta GmbH wollen nun vieles zusammen tun.", 1),  # the lexicon has no cue for it
        ("Es regnete, und alle blieben dort.", 0),  # nobody is named
    ],
)
def test_what_names_an_organisation_is_read_without_a_cue_of_the_lexicon(text, windows_read, monkeypatch):
    read, gather = [], encoder.gather
    monkeypatch.setattr(encoder, "gather", lambda *own: read.append(own) or gather(*own))

    encoder.read(text, "", "de")

    assert passages.parse(text, "", "de").passages == []
    assert len(read) == windows_read
