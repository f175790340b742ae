"""The baseline: what an afternoon's script finds, to compare the extraction with.

A sentence with one of a dozen cue words reports an alliance between the first two organisations that it names. The
cue words are the plainest of each lexicon. So a researcher would begin, and so much comes for free: what
the extraction scores above it is what its model and its lexicons are worth. No stage uses it and no result rests on it:
it reads no negations, stakes, functions, dates or claims, does not tell an alliance from a takeover, and is
not tuned. In a language without cue words below it finds nothing.
"""

from functools import cache

import spacy

from entente import lexicon, organisations, passages
from entente.codebook import equity_status
from entente.errors import EntenteError
from entente.names import normal
from entente.records import Mention, Partner, Span

FORMS = ("joint_venture", "contractual", "unspecified")  # the first whose cue a sentence has is its form

# By language and form, as lexicons write phrases.
CUES = {
    "da": ("joint venture*, fællesselskab*, fælles selskab*",
           "*aftale*, kontrakt*, licens*, pagt*",
           "*alliance*, partnerskab*, *samarbejd*, konsorti*, slår sig sammen"),
    "de": ("joint venture*, gemeinschaftsunternehmen*, gemeinsames unternehmen",
           "*abkommen*, *vertrag*, *vereinbarung*, lizenz*",
           "allianz*, partnerschaft*, kooperation*, kooperier*, zusammenarbeit*, konsorti*"),
    "en": ("joint venture*, jointly owned",
           "agreement*, pact*, accord, contract*, licens*",
           "alliance*, partnership*, consorti*, cooperat*, collaborat*, team* up"),
    "es": ("joint venture*, empresa mixta, empresa conjunta, riesgo compartido",
           "acuerdo*, convenio*, contrato*, licencia*",
           "alianza*, asociación, colabora*, coopera*, consorcio*"),
    "fr": ("joint venture*, coentreprise*, co entreprise*, filiale commune, société commune",
           "accord*, contrat*, convention*, licence*",
           "alliance*, partenariat*, coopér*, collabor*, consorti*"),
    "it": ("joint venture*, società mista, società comune",
           "accord*, contratt*, intes*, licenz*",
           "alleanz*, partnership, partenariat*, collabora*, coopera*, consorzi*"),
    "ja": ("合弁*, 共同出資*",
           "契約, 協定, 覚書, ライセンス",
           "提携, 協業, 協力, 連携, アライアンス, コンソーシアム"),
    "ko": ("합작, 조인트벤처, 공동 출자",
           "계약, 협약, 협정, 양해각서, 라이선스",
           "제휴, 협력, 협업, 파트너십, 컨소시엄, 동맹"),
    "nb": ("joint venture*, fellesforetak*, fellesselskap*, felles selskap*",
           "*avtale*, kontrakt*, lisens*, pakt*",
           "*allianse*, partnerskap*, *samarbeid*, konsorti*"),
    "nl": ("joint venture*, gezamenlijke onderneming, samenwerkingsverband*",
           "overeenkomst*, akkoord*, contract*, licenti*",
           "alliantie*, partnerschap*, samenwerk*, consorti*, bundelen"),
    "pl": ("joint venture*, wspóln* spółk*, wspóln* przedsi*",
           "umow*, porozumieni*, kontrakt*, licencj*",
           "sojusz*, alians*, partnerstw*, współprac*, konsorcj*"),
    "pt": ("joint venture*, empreendimento conjunto, empresa conjunta",
           "acordo*, convênio*, contrato*, licença*",
           "aliança*, parceria*, colabora*, coopera*, consórcio*"),
    "sv": ("joint venture*, samriskbolag*, samägt bolag",
           "*avtal*, kontrakt*, licens*, överenskommelse*",
           "*allians*, partnerskap*, *samarbet*, konsorti*"),
    "zh": ("合资, 合資, 合营, 合營",
           "协议, 協議, 合同, 备忘录, 備忘錄, 许可, 許可",
           "联盟, 聯盟, 合作, 携手, 攜手, 联手, 聯手"),
}  # fmt: skip

# What spaCy's pipelines call an organisation: most of them, the Korean, the Polish.
ORGANISATION = {"ORG", "OG", "orgName"}


@cache
def cues(language):
    """Return the lexicon.Phrases of a language's cue words, by form."""
    known = lexicon.load(language)
    words = zip(FORMS, CUES.get(known.language, ()), strict=False)
    section = {form: [dict.fromkeys(phrases.split(", "), "")] for form, phrases in words}
    return lexicon.Phrases(section, known.script)


def load(name):
    """Return the spaCy pipeline *name*: an installed package, or a folder, with an ``ner`` component.

    Raises
    ------
    EntenteError
        If there is none, or it does not recognise names.
    """
    try:
        pipeline = spacy.load(name)
    except (OSError, ValueError, ImportError) as fault:
        raise EntenteError(
            f"pipeline {name!r}: spaCy cannot load it ({str(fault).splitlines()[0]}); give an installed package"
            " or the folder of a pipeline"
        ) from None
    if "ner" not in pipeline.pipe_names:
        raise EntenteError(
            f"pipeline {name!r}: has {', '.join(pipeline.pipe_names) or 'no components'}, no 'ner'; give a"
            " pipeline that recognises names"
        )
    return pipeline


def names(text, language, start, end, pipeline=None):
    """Return (start, end) of the organisations that a sentence names, in order.

    By *pipeline* where it is for this language or for any ("xx"), else by capitalised runs, or in a script without
    capitals by what the lexicon knows of names.
    """
    sentence = text[start:end]
    if pipeline is not None and pipeline.lang in ("xx", language, lexicon.load(language).tokenizer):
        found = [(e.start_char, e.end_char) for e in pipeline(sentence).ents if e.label_ in ORGANISATION]
    else:
        runs = organisations.find(sentence, language)
        found = [(name.start, name.end) for name in runs if "place" not in name.traits]
    return [(start + s, start + e) for s, e in found]


def extract(document, pipeline=None):
    """Return the list of a document's Mentions, each of confidence 1, and a list of no Claims, as `extract.extract` does.

    Sentences whose two partners have the same names are one mention; its form is the first in FORMS of theirs.
    """
    text, language, found = document.text, document.language, {}
    if language not in lexicon.languages():
        return [], []
    for start, end in passages.sentences(text, language) if cues(language).any(text) else []:
        forms = [hit.code for hit in cues(language).find(text, start, end)]
        named = names(text, language, start, end, pipeline) if forms else []
        different = {normal(text[s:e]): (s, e) for s, e in reversed(named)}
        pair = sorted(different.values())[:2]
        if len(pair) == 2:
            key = frozenset(normal(text[s:e]) for s, e in pair)
            found.setdefault(key, []).append((pair, min(forms, key=FORMS.index), Span(start=start, end=end)))
    return [mention(document, sentences, n) for n, sentences in enumerate(found.values(), 1)], []


def mention(document, sentences, number):
    """Return the Mention that sentences about the same two partners amount to: (pair, form, Span) each."""
    form = min((form for _, form, _ in sentences), key=FORMS.index)
    return Mention(
        id=f"{document.id}@{number}",
        document=document.id,
        partners=[Partner(name=document.text[s:e], start=s, end=e) for s, e in sentences[0][0]],
        venture_name=None,
        form=form,
        equity_status=equity_status(form),
        functions=[],
        value_chain="unclear",
        stakes=[],
        status="signed",
        date=document.date,
        term_years=None,
        evidence=[span for _, _, span in sentences],
        confidence=1.0,
        language=document.language,
    )
