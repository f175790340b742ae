"""Fit the model that ships with the package, from a description of the data, a seed and the base encoder.

workflow/training/README.md says what the data are. Needs the extra ``train``.
"""

import json
import sys
import zlib
from collections import Counter
from pathlib import Path

import torch
import yaml
from safetensors.torch import load_file
from tokenizers import Tokenizer

from entente import (
    cli,
    decisions,
    encoder,
    fit_decisions,
    gate,
    gold,
    linking,
    network,
    passages,
    training,
    vocabulary,
    windows,
)
from entente.errors import EntenteError

TRAINING = Path(__file__).parents[1] / "training"
MODEL = Path(__file__).parent / "model"
STRENGTH = 0.1  # inverse regularisation of the gate
MET = 3  # windows that have a feature at least, for the gate to know it
# Logit of a pair from which on the encoder is taken to find an alliance, for the gate to let it pass.
FOUND = -3.0


def matching(data, patterns):
    """Return the files below *data* that match *patterns*, gold left out, in order."""
    found = sorted({path for pattern in patterns for path in Path(data).glob(pattern)})
    if not found:
        raise EntenteError(
            f"{data}: no file matches {', '.join(patterns)}; give the folder that holds them as --data"
        )
    return [path for path in found if ".gold." not in path.name]


def cases(config, data, own):
    """Return [(document, Gold)] of all that is fitted on; *own* is the folder of our gold and texts.

    What scores are computed on is left out, also where another file has the text by another id.
    """
    scored = {opening(document) for document in gold.by_id(matching(data, config["scored"])).values()}
    known = (
        gold.beside(matching(data, config["documents"]))
        + gold.coded(matching(data, config["coded"]), sorted(own.glob("coded/*.gold.jsonl")))
        + gold.beside(matching(own, ["written/*.jsonl"]))
    )
    return [case for case in known if opening(case[0]) not in scored]


def opening(document):
    """Return how a document's text begins, the same for the same text in another file."""
    return " ".join(document["text"].split())[:200]


def texts(config, data, known):
    """Yield the texts that the vocabulary is counted on."""
    for document, _ in known:
        yield document["text"]
    for path in [
        *matching(data, config["texts"]),
        *sorted(Path(fit_decisions.__file__).parent.glob("lexicon/*.yaml")),
    ]:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                record = json.loads(line) if path.suffix == ".jsonl" else {"text": line}
                yield str(record.get("text") or " ".join(record.get("tokens", [])))


def is_held_out(document, one_in):
    """Tell whether a document is left for calibration: one in so many, by its id.

    What follows a # in an id does not count: texts of one set, which share firms and topic, stay together, as do the
    records of one file.
    """
    return zlib.crc32(document["id"].partition("#")[0].encode()) % one_in == 0


def tell(line):
    """Show how far a fit is."""
    sys.stderr.write(line + "\n")


def fit_encoder(config, known, base, output, counted, told=tell):
    """Write tokenizer.json and encoder.onnx to the folder *output*.

    Parameters
    ----------
    known : list of (document, Gold)
        What is fitted on; those held out are left out here.
    base : Path
        Folder of the base encoder: tokenizer.json, model.safetensors.
    counted : iterable of str
        Texts that the vocabulary is counted on.
    """
    content = (base / "tokenizer.json").read_text(encoding="utf-8")
    uncut = Tokenizer.from_str(content)
    uncut.no_truncation()
    uncut.no_padding()
    content, kept = vocabulary.cut(content, vocabulary.count(uncut, counted), config["vocabulary"])
    (output / "tokenizer.json").write_text(content, encoding="utf-8")
    tokenizer, found = Tokenizer.from_str(content), []
    for document, coded in known:
        if not is_held_out(document, config["held_out"]):
            parsed = passages.parse(document["text"], document["title"], document["language"])
            found += training.examples(parsed, document["title"], coded, tokenizer)
    weights = {name: tensor.float() for name, tensor in load_file(base / "model.safetensors").items()}
    told(f"{len(found)} windows of {len(known)} documents, {len(kept)} pieces")
    torch.manual_seed(config["seed"])
    net = network.started(weights, kept, config["layers"], windows.KINDS)
    for number, stage in enumerate(map(dict, config["stages"])):
        if "begin" in stage:
            net.load_state_dict(mean(output, stage.pop("begin"), number))
        saved = checkpoint(output, number)
        training.train(net, found, seed=config["seed"] + number, told=told, saved=saved, **stage)
    net.load_state_dict(mean(output, config["mean"], len(config["stages"])))
    training.export(net, output / "encoder.onnx")


def checkpoint(folder, stage):
    """Return where the weights after a stage, a number from 0, are kept."""
    return folder / f"checkpoint{stage}.pt"


def mean(folder, stages, done):
    """Return the mean of the weights after the *stages*, numbers from 0: {name: tensor}; one named twice counts twice.

    Raises EntenteError for a stage that is not among the first *done*: what lies there is of another fit.
    """
    if not set(stages) <= set(range(done)):
        raise EntenteError(
            f"the fit's description: weights after {stages} are asked for where {done} stages are done"
        )
    fitted = [torch.load(checkpoint(folder, stage)) for stage in stages]
    return {name: sum(own[name] for own in fitted) / len(fitted) for name in fitted[0]}


def calibrated(known, one_in):
    """Return the weights of ``member`` and ``link``: who is a partner in a report of the encoder, and how sure it is.

    They are fitted on documents that the encoder was not fitted on; ``link`` on the same as ``member``, which makes the
    confidence a little too high.
    """
    weights = {name: own for name, own in decisions.weights().items() if name != "member"}
    decisions.use(weights)
    read, samples = [], fit_decisions.Samples()
    for document, coded in known:
        if is_held_out(document, one_in):
            parsed_and_reading = encoder.read(document["text"], document["title"], document["language"])
            if parsed_and_reading:
                read.append((parsed_and_reading, coded))
    for parsed_and_reading, coded in read:
        fit_decisions.member_samples(samples, linking.reports(*parsed_and_reading), coded)
    decisions.use(weights | samples.fitted())
    for parsed_and_reading, coded in read:
        fit_decisions.link_samples(samples, linking.reports(*parsed_and_reading), coded)
    return samples.fitted()


def gates(config, data, known):
    """Return the weights of the gate (``gate.py``), by decision.

    It learns from coded documents, and from others in which what the encoder finds stands for gold.
    """
    coded = {opening(document) for document, _ in known}
    kept = [case for case in known if not is_held_out(case[0], config["held_out"])]
    fitted = {}
    for language, patterns in config["gate"].items():
        pool = gold.by_id(matching(data, patterns)).values()
        uncoded = [(document, None) for document in pool if opening(document) not in coded]
        cases = [
            case
            for document, read in kept + uncoded
            if document["language"] == language
            for case in gate_cases(document, read)
        ]
        counts = Counter(feature for features, _ in cases for feature in features)
        known_features = [{feature for feature in own if counts[feature] >= MET} for own, _ in cases]
        labels = [found for _, found in cases]
        fitted[f"window:{language}"] = fit_decisions.fit_one(known_features, labels, STRENGTH)
    return fitted


def gate_cases(document, coded):
    """Yield (features, whether it should pass) of the windows of a document.

    Those with evidence should pass or, without Gold (*coded* is None), those in which the encoder finds an alliance.
    """
    text, title, language = (document[field] for field in ("text", "title", "language"))
    parsed = passages.parse(text, title, language)
    cut = windows.cut(text, title, parsed.sentences, encoder.tokenizer())
    windows.mark(cut, parsed)
    evidence = coded and [quote for alliance in coded.alliances for quote in alliance.evidence]
    about = gate.features(title, language)
    for window in cut:
        if coded:
            found = gold.overlaps(text, window.start, window.end, evidence)
        elif window.entities:
            found = bool(encoder.session().run(None, encoder.inputs(window))[0][..., 0].max() >= FOUND)
        else:
            found = False
        yield about | gate.features(text[window.start : window.end], language), found


def run(data, base=None, config=None, output=None):
    """Fit and write the model.

    Parameters
    ----------
    data : str
        Folder of the documents that the description names.
    base : str
        Folder of the base encoder; without it only the decisions are fitted, beside the encoder that is there.
    config : str
        The description of the fit; its folder holds our own gold and texts.
    output : str
        Folder to write to.
    """
    config, output = config or TRAINING / "fit.yaml", Path(output or MODEL)
    own = Path(config).parent
    config = yaml.safe_load(Path(config).read_text(encoding="utf-8"))
    known = cases(config, data, own)
    if base:
        fit_encoder(config, known, Path(base), output, texts(config, data, known))
        encoder.use(output)
    decisions.use(fit_decisions.fit([c for c in known if not is_held_out(c[0], config["held_out"])]))
    gate_weights = gates(config, data, known)
    decisions.use(decisions.weights() | gate_weights)
    calibration = calibrated(known, config["held_out"])
    fitted = fit_decisions.fit(known) | gate_weights | calibration
    with cli.replacing(output / "decisions.json") as file:
        json.dump(fitted, file, ensure_ascii=False, indent=0)
        file.write("\n")
