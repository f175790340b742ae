"""Find whom a sentence cites: "Spekman (1996)", "a survey by Acme", 麦肯锡公司的调查."""

import re

NAME = r"(?<!\w)[A-ZÀ-ÖØ-Þ][\w'’-]*\w"
NAMES = rf"{NAME}(?:(?:,| &| and| og| och| und| et| y| e)? {NAME})*(?: et al\.?| m\.\s?fl\.| u\.\s?a\.)?"
CITATION = re.compile(
    rf"(?P<named>{NAMES},? \(\s?\d{{4}}[a-z]?\))|\((?P<bracketed>{NAMES},? \d{{4}}[a-z]?)\)"
    r"|(?P<han>[\u4e00-\u9fff·]{2,16}[（(](?:[A-Za-z .&]+[,，]\s?)?\d{4}年?[）)])"
)


def source(sentence):
    """Return whom a sentence cites, as printed, or None."""
    text, opening = sentence.text, sentence.find("source", "cited")
    citation = CITATION.search(text, sentence.start, sentence.end)
    if citation:
        start, end = citation.span(citation.lastgroup)
        return text[after(opening, start) : end].strip()
    return (named_source if sentence.spaced else unspaced_source)(sentence, opening)


def after(opening, start):
    """Return *start*, or where the words such as "according to" that stand there end."""
    return max([hit.end for hit in opening if hit.start == start], default=start)


def named_source(sentence, opening):
    """Return the name before "found", "'s survey", or after "according to", or None."""
    for match in re.finditer(NAMES, sentence.text[sentence.start : sentence.end]):
        start, end = sentence.start + match.start(), sentence.start + match.end()
        if sentence.after(end, 2, "study") or any(0 <= start - hit.end <= 5 for hit in opening):
            words = re.sub(r"['’]s?$", "", match.group()).split()
            while words and sentence.is_function_word(words[0]):
                words.pop(0)
            if words:
                return " ".join(words)
    return None


def unspaced_source(sentence, opening):
    """Return what stands before a word for a study in its clause, or None."""
    for hit in sentence.find("study"):
        name = sentence.text[after(opening, sentence.opening(hit.start)) : hit.start]
        if 3 <= len(name) <= 15 and not re.search(r"\d", name):
            return name
    return None
