"""Measure the encoder: tokens a second, what 8-bit arithmetic would change, and what the gate loses.

By hand, on a machine with nothing else to do: ``python benchmarks/model.py --data FOLDER``, with the folder that
``entente fit`` takes. Needs the extra ``train``. Prints tables; one name, as ``--only threads``, prints that table alone.
"""

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pandas as pd
from entente import decisions, encoder, evaluate, extract, gate, gold, ingest, passages, windows
from entente.readers import Raw
from onnxruntime.quantization import QuantType, quantize_dynamic

MODEL = Path(encoder.__file__).parent / "model"
REPEATS = 3  # the fastest counts: other processes only slow down
LENGTHS = (0, 64, 128, 192, 256, 320, 400)  # tokens of a window, limits of the groups
THRESHOLDS = (0.003, gate.THRESHOLD, 0.008, 0.012, 0.02)
SHOWN = 0.02  # mentions that are less sure appear nowhere, so that a change of them is none


def documents(paths):
    """Return [(Document, Gold)] of files with gold beside them; a document is what `ingest` makes of it."""
    found = []
    for known, coded in gold.beside(paths):
        raw = Raw(known["text"], title=known["title"], id=known["id"], date=known.get("date"))
        document = ingest.document(raw, "benchmark", known["id"], hint=known["language"])
        found.append((document.model_copy(update={"language": known["language"]}), coded))
    return found


def marked(cases):
    """Return the windows that extraction reads of some documents."""
    found = []
    for document, _ in cases:
        passing = gate.passed(document.text, document.title, document.language, cut(document))
        windows.mark(passing, passages.parse(document.text, document.title, document.language))
        found += [window for window in passing if window.entities]
    return found


def cut(document):
    """Return all windows of a document."""
    sentences = passages.sentences(document.text, document.language)
    return windows.cut(document.text, document.title, sentences, encoder.tokenizer())


def session(path, threads=1):
    """Return an ONNX Runtime session of the network in the file *path*."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def seconds(path, threads, read):
    """Return (processor seconds, wall seconds) that reading the windows *read* takes: the least of some repeats."""
    network, inputs = session(path, threads), [encoder.inputs(window) for window in read]
    network.run(None, inputs[0])
    found = []
    for _ in range(REPEATS):
        started, wall = time.process_time(), time.perf_counter()
        for window in inputs:
            network.run(None, window)
        found.append((time.process_time() - started, time.perf_counter() - wall))
    return tuple(map(min, zip(*found, strict=True)))


@cache
def networks(folder):
    """Return {arithmetic: path} of the network as it ships, and with 8-bit arithmetic in its matrix products.

    Each has a folder of its own below *folder*, with the tokenizer, so that `encoder.use` takes it.
    """
    paths = {name: Path(folder) / name / "encoder.onnx" for name in ("float32", "int8")}
    for path in paths.values():
        path.parent.mkdir()
        shutil.copy(MODEL / "tokenizer.json", path.parent)
    shutil.copy(MODEL / "encoder.onnx", paths["float32"])
    options = onnxruntime.SessionOptions()  # turns the weights back into floats, as at every start
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(Path(folder) / "plain.onnx")
    shipped = onnxruntime.InferenceSession(paths["float32"], options, providers=["CPUExecutionProvider"])
    quantize_dynamic(
        options.optimized_model_filepath,
        paths["int8"],
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
    )
    small = onnx.load(paths["int8"])
    onnx.helper.set_model_props(small, shipped.get_modelmeta().custom_metadata_map)
    onnx.save(small, paths["int8"])
    return {name: str(path) for name, path in paths.items()}


def speed(read, folder):
    """Yield tokens a second by arithmetic, and by number of processes with one thread each."""
    tokens = sum(len(window.ids) for window in read)
    for arithmetic, path in networks(folder).items():
        for processes in (1, 2):
            with multiprocessing.get_context("spawn").Pool(processes) as pool:
                taken = pool.map(partial(seconds, path, 1), [read] * processes, chunksize=1)
            yield {
                "arithmetic": arithmetic,
                "processes": processes,
                "tokens": tokens * processes,
                "tokens_a_processor_second": round(tokens * processes / sum(cpu for cpu, _ in taken)),
                "tokens_a_second": round(tokens * processes / max(wall for _, wall in taken)),
            }


def threads(read, folder):
    """Yield tokens a second by threads of one session: what a second one adds, and what it costs."""
    tokens = sum(len(window.ids) for window in read)
    for number in (1, 2):
        cpu, wall = seconds(networks(folder)["float32"], number, read)
        yield {
            "threads": number,
            "tokens_a_processor_second": round(tokens / cpu),
            "tokens_a_second": round(tokens / wall),
        }


def lengths(read, folder):
    """Yield tokens a second by the length of a window: batches could help only where short windows are slower."""
    for low, high in pairwise(LENGTHS):
        group = [window for window in read if low <= len(window.ids) < high]
        if group:
            cpu, _ = seconds(networks(folder)["float32"], 1, group)
            tokens = sum(len(window.ids) for window in group)
            yield {
                "tokens": f"{low}-{high - 1}",
                "windows": len(group),
                "share_of_tokens": round(tokens / sum(len(window.ids) for window in read), 3),
                "tokens_a_processor_second": round(tokens / cpu),
            }


def read_with(path, cases):
    """Return the Mentions of each document, read with the network in the file *path*."""
    encoder.use(Path(path).parent)
    try:
        return [[m for m in extract.extract(d)[0] if m.confidence >= SHOWN] for d, _ in cases]
    finally:
        encoder.use(MODEL)


def arithmetic(cases, read, folder):
    """Yield what each arithmetic makes of documents with gold, beside the one that ships."""
    outputs = {
        name: [session(path).run(None, encoder.inputs(window)) for window in read]
        for name, path in networks(folder).items()
    }
    shipped = None
    for name, path in networks(folder).items():
        found = read_with(path, cases)
        shipped = shipped or found
        scores = evaluate.evaluate(
            [
                (document, mentions, [], coded)
                for (document, coded), mentions in zip(cases, found, strict=True)
            ],
            extract.MINIMUM_CONFIDENCE,
        )
        changes = [
            float(np.abs(one - other).max())
            for one_window, other_window in zip(outputs["float32"], outputs[name], strict=True)
            for one, other in zip(one_window, other_window, strict=True)
            if one.size
        ]
        overall = scores.iloc[0]
        yield {
            "arithmetic": name,
            "largest_change_of_a_logit": round(max(changes), 4),
            "mentions": sum(map(len, found)),
            "documents_whose_mentions_change": sum(a != b for a, b in zip(shipped, found, strict=True)),
            "alliance_f": round(float(overall["alliance_f"]), 3),
            "partner_f": round(float(overall["partner_f"]), 3),
            "strict_f": round(float(overall["strict_f"]), 3),
        }


def gated(cases):
    """Yield by limit how many tokens the gate lets through, and how many gold alliances stand in no such window."""
    cases = [case for case in cases if decisions.fitted(f"window:{case[0].language}")]
    for threshold in THRESHOLDS:
        tokens = read = lost = 0
        for document, coded in cases:
            every = cut(document)
            passing = gate.passed(document.text, document.title, document.language, every, threshold)
            tokens += sum(len(window.ids) for window in every)
            read += sum(len(window.ids) for window in passing)
            lost += sum(
                not any(
                    gold.overlaps(document.text, window.start, window.end, alliance.evidence)
                    for window in passing
                )
                for alliance in coded.alliances
            )
        yield {
            "limit": threshold,
            "documents": len(cases),
            "share_of_tokens": round(read / tokens, 3),
            "alliances": sum(len(coded.alliances) for _, coded in cases),
            "lost": lost,
        }


def show(title, rows):
    """Print a table."""
    sys.stdout.write(f"\n{title}\n{pd.DataFrame(rows).to_string(index=False)}\n")
    sys.stdout.flush()


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with reuters/dev.jsonl")
    parser.add_argument("--documents", type=int, default=260, help="how many Reuters stories are timed")
    names = ("speed", "threads", "lengths", "arithmetic", "gate")
    parser.add_argument("--only", choices=names, help="one table")
    options = parser.parse_args()
    wanted = [options.only] if options.only else names
    cases = documents([options.data / "reuters" / "dev.jsonl"])
    with tempfile.TemporaryDirectory() as folder:
        read = marked(cases[: options.documents])
        if "speed" in wanted:
            show("Tokens a second, one thread a process", speed(read, folder))
        if "threads" in wanted:
            show("Threads of one session", threads(read, folder))
        if "lengths" in wanted:
            show("Length of a window", lengths(read, folder))
        if "arithmetic" in wanted:
            show("Arithmetic, on reuters/dev", arithmetic(cases[: options.documents], read, folder))
    if "gate" in wanted:
        show("Gold alliances outside the windows that pass the gate, on reuters/dev", gated(cases))


if __name__ == "__main__":
    main()
