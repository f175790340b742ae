"""A sentence and the lexicon's words in it, found once."""

import re
from dataclasses import dataclass, field
from functools import cache

import spacy

from entente import lexicon

DATA = ("lexicon",)

PUNCTUATION = re.compile(r"[;:；：，。()（）\[\]—]|,(?!\d)|(?<!\d)–(?!\d)")  # that ends a clause


@cache
def stop_words(language):
    """Return the language's function words, as spaCy lists them."""
    return spacy.util.get_lang_class(lexicon.load(language).tokenizer).Defaults.stop_words


@dataclass
class Sentence:
    """A stretch of text, ``text[start:end]``, and the phrases of the lexicon's sections ``relations`` and ``figures``.

    Distances are in characters.
    """

    text: str
    start: int
    end: int
    known: lexicon.Lexicon
    hits: dict = field(default_factory=dict)

    def __post_init__(self):
        for section in ("relations", "figures"):
            for hit in self.known.phrases(section).find(self.text, self.start, self.end):
                self.hits.setdefault(hit.code, []).append(hit)
        self.spaced = self.known.script != "characters"

    def find(self, *keys, start=None, end=None):
        """Return the phrases of *keys* in the sentence, or in a stretch of it, in order."""
        start, end = (self.start if start is None else start), (self.end if end is None else end)
        return sorted(h for key in keys for h in self.hits.get(key, ()) if start <= h.start and h.end <= end)

    def before(self, position, gap, *keys):
        """Return the last phrase of *keys* that ends up to *gap* before *position*, or None."""
        near = [h for h in self.find(*keys) if 0 <= position - h.end <= gap]
        return near[-1] if near else None

    def after(self, position, gap, *keys):
        """Return the first phrase of *keys* that starts up to *gap* after *position*, or None."""
        return next((h for h in self.find(*keys) if 0 <= h.start - position <= gap), None)

    def joined_by(self, start, end, *keys):
        """Tell whether a phrase of *keys*, and nothing else, stands between *start* and *end*."""
        between = self.text[start:end].strip()
        return any(
            self.text[h.start : h.end].strip() == between for h in self.find(*keys, start=start, end=end)
        )

    def codes(self, section, start=None, end=None):
        """Return the codes of a section's phrases in the sentence, or in a stretch of it."""
        start, end = (self.start if start is None else start), (self.end if end is None else end)
        return {hit.code for hit in self.known.phrases(section).find(self.text, start, end)}

    def opening(self, position):
        """Return where the punctuation before *position* ends."""
        ends = [match.end() for match in PUNCTUATION.finditer(self.text, self.start, position)]
        return max(ends, default=self.start)

    def is_function_word(self, word):
        """Tell whether *word* is one, such as an article."""
        return word.casefold() in stop_words(self.known.language)
