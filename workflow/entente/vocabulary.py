"""Cut the base encoder's vocabulary down to the pieces that the covered languages use."""

import json
from collections import Counter

from tokenizers import Tokenizer

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
LETTERS = 0x600  # below it lie the Latin, Greek, Cyrillic, Armenian and Hebrew letters


def count(tokenizer, texts):
    """Return a Counter of the tokens' ids in *texts* (an iterable of str)."""
    found, batch = Counter(), []

    def add():
        for encoded in tokenizer.encode_batch(batch, add_special_tokens=False):
            found.update(encoded.ids)
        batch.clear()

    for text in texts:
        batch.append(text)
        if len(batch) == 1000:
            add()
    add()
    return found


def cut(content, counts, size):
    """Return (a tokenizer's JSON with *size* pieces at most, the ids that these had).

    Kept are the special tokens, the most frequent pieces, and, for 1 in 30 of the room, single letters, so that any
    word can still be spelled.

    Parameters
    ----------
    content : str
        The base tokenizer's JSON (a unigram model).
    counts : Counter
        Of its tokens' ids.
    """
    known = json.loads(content)
    pieces = [piece for piece, _ in known["model"]["vocab"]]
    ranked = sorted(counts, key=lambda i: (-counts[i], i))
    kept = dict.fromkeys([i for i, piece in enumerate(pieces) if piece in SPECIAL] + ranked)
    kept = dict.fromkeys(list(kept)[: size - size // 30])
    letters = [i for i, p in enumerate(pieces) if len(p.strip("▁")) == 1 and ord(p.strip("▁")) < LETTERS]
    kept = sorted([*kept, *[i for i in letters if i not in kept][: size // 30]])
    new = {pieces[i]: number for number, i in enumerate(kept)}
    known["model"] |= {"vocab": [known["model"]["vocab"][i] for i in kept], "unk_id": new["<unk>"]}
    known["added_tokens"] = [
        t | {"id": new[t["content"]]} for t in known["added_tokens"] if t["content"] in new
    ]
    for token in known["post_processor"]["special_tokens"].values():
        token["ids"] = [new[piece] for piece in token["tokens"]]
    cut_down = json.dumps(known | {"truncation": None, "padding": None}, ensure_ascii=False)
    Tokenizer.from_str(cut_down)  # fails here, not at the user's
    return cut_down, kept
