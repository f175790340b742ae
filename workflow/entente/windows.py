"""Windows: stretches of a document, short enough for the encoder, that together cover all of it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from entente import lexicon
from entente.codebook import codes

DATA = ("lexicon",)

SIZE = 384  # most tokens of a window, title and marks included; the encoder takes 512
TITLE = 64  # most tokens of the title, which every window begins with
OVERLAP = 96  # tokens of a window that the next one repeats at most, in whole sentences

# Kinds of token: what the lexicon and the search for names say of a token, for the encoder to weigh.
PLAIN, NAME = 0, 1
CUES = {form: NAME + 1 + i for i, form in enumerate(codes("form"))}
HINT = NAME + 1 + len(CUES)
CONTRARY = HINT + 1
KINDS = CONTRARY + 1


@dataclass
class Window:
    """Some consecutive sentences of a document as the encoder reads them.

    `cut` makes it, `mark` adds ``kinds`` and ``entities``.
    ``ids``, ``kinds`` and ``spans`` have one entry a token; a span is (start, end) in the text, or (-1, -1) outside of
    it (marks, title). ``sentences`` are (number of the sentence, first token, end token), ``entities`` (number of the
    entity, its tokens).
    """

    ids: list
    spans: list
    sentences: list
    kinds: list = field(default_factory=list)
    entities: list = field(default_factory=list)

    @property
    def start(self):
        """Return where the window begins in the text."""
        return self.spans[self.sentences[0][1]][0]

    @property
    def end(self):
        """Return where the window ends in the text."""
        return self.spans[self.sentences[-1][2] - 1][1]

    def tokens(self, start, end):
        """Return the range of the tokens that share characters with ``text[start:end]``."""
        text = (self.sentences[0][1], self.sentences[-1][2])
        first = bisect_right(self.spans, start, *text, key=lambda span: span[1])
        return range(first, bisect_left(self.spans, end, *text, key=lambda span: span[0]))


def mark(found, parsed):
    """Add to the Windows *found* of a parsed document its entities and the kinds of their tokens, in place."""
    phrases = lexicon.load(parsed.language).phrases
    names = sorted((n.start, n.end, i) for i, entity in enumerate(parsed.entities) for n in entity.names)
    for window in found:
        window.kinds = [PLAIN] * len(window.ids)
        for section, kind in (("contrary", CONTRARY), ("hints", HINT), ("cues", None)):
            for hit in phrases(section).find(parsed.text, window.start, window.end):
                for token in window.tokens(hit.start, hit.end):
                    window.kinds[token] = CUES[hit.code] if kind is None else kind
        entities = defaultdict(set)
        inside = slice(bisect_left(names, (window.start,)), bisect_left(names, (window.end,)))
        for start, end, i in names[inside]:
            entities[i].update(window.tokens(start, end))
        window.entities = [(i, sorted(entities[i])) for i in sorted(entities) if entities[i]]
        for _, own in window.entities:
            for token in own:
                window.kinds[token] = NAME


def cut(text, title, sentences, tokenizer, size=SIZE):
    """Return the Windows of a document: every token of *text* is in one at least.

    Parameters
    ----------
    sentences : list of (start, end)
        Of *text*, in order.
    tokenizer : tokenizers.Tokenizer
        Of the encoder. A sentence longer than a window is cut between tokens.
    """
    begin, end = tokenizer.token_to_id("<s>"), tokenizer.token_to_id("</s>")
    head = tokenizer.encode(title, add_special_tokens=False).ids[: min(TITLE, size // 4)]
    head = [begin, *head, end] if head else [begin]
    room = size - len(head) - 1
    found, pieces, used = [], [], 0

    def close():
        ids, spans, places = list(head), [(-1, -1)] * len(head), []
        for number, piece_ids, piece_spans in pieces:
            places.append((number, len(ids), len(ids) + len(piece_ids)))
            ids += piece_ids
            spans += piece_spans
        found.append(Window([*ids, end], [*spans, (-1, -1)], places))

    for piece in _pieces(text, sentences, tokenizer, room):
        if used + len(piece[1]) > room:
            close()
            pieces, used = _repeated(pieces, min(OVERLAP, room - len(piece[1])))
        pieces.append(piece)
        used += len(piece[1])
    if pieces:
        close()
    return found


def _pieces(text, sentences, tokenizer, room):
    """Yield (sentence number, ids, spans) of the sentences, long ones in pieces of *room* tokens at most."""
    encoded = tokenizer.encode_batch([text[start:end] for start, end in sentences], add_special_tokens=False)
    for number, ((start, _), tokens) in enumerate(zip(sentences, encoded, strict=True)):
        spans = [(start + left, start + right) for left, right in tokens.offsets]
        for at in range(0, len(spans), room):
            yield number, tokens.ids[at : at + room], spans[at : at + room]


def _repeated(pieces, room):
    """Return the last *pieces* that have *room* tokens together at most, and how many these are."""
    kept, used = [], 0
    for piece in reversed(pieces):
        if used + len(piece[1]) > room:
            break
        kept.insert(0, piece)
        used += len(piece[1])
    return kept, used
