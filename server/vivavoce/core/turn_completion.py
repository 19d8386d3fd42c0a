"""Whether a candidate has finished: what the words, the sound and the timing say together.

Recognisers may give no punctuation, and some invent a full stop at every pause, so the last words
count for more than the marks.
"""

import math
import re
from dataclasses import dataclass
from enum import Enum

from vivavoce.core.function_words import function_words, language_root, word_set
from vivavoce.core.joined_clauses import joins_clauses
from vivavoce.core.words import normalized_words


class _Ending(Enum):
    """How an utterance ends; the value is the probability that it is over.

    Of answers to a question for a story (`BEGUN` to `TOLD_AT_LENGTH`) it grows with their length:
    one short sentence is rarely all. `FRAGMENT` to `STATEMENT` answer a question of unknown kind.
    """

    HESITATING = 0.08
    DANGLING = 0.12
    OPEN_CLAUSE = 0.3
    LEANING = 0.45
    COUNTING = 0.38
    UNHEARD_NOISE = 0.15
    UNHEARD_SPEECH = 0.45
    BEGUN = 0.27
    BEGUN_SENTENCE = 0.36
    TOLD_A_LITTLE = 0.36
    TOLD_A_LITTLE_SENTENCE = 0.5
    TOLD = 0.65
    TOLD_AT_LENGTH = 0.67
    TOLD_SENTENCE = 0.76
    TOLD_AT_LENGTH_SENTENCE = 0.8
    FRAGMENT = 0.52
    CLAUSE = 0.6
    STATEMENT = 0.64
    SENTENCE = 0.8
    NUMBER = 0.7
    ROUND_NUMBER = 0.51  # "twenty ... five"
    LONG_NUMBER = 0.5
    ADDRESS = 0.62
    YES_OR_NO = 0.81
    SAID_AT_LENGTH = 0.8
    ANSWERED = 0.88
    ANSWERED_SENTENCE = 0.92
    ASKED_BACK = 0.93
    ROUNDED_OFF = 0.95


NOISE_MS = 250  # speech without a word that is shorter was a cough or a click
PATIENCE = 0.4  # of the log odds, for each doubling of a speaker's usual pause
ORDINARY_PAUSE_MS = 500
SOUND_WEIGHT = 0.5  # of the detector's log odds, which are surer than it is right
SUREST_SOUND = 0.98
TWO_CLAUSES, HALF_A_STORY = 0.5, -0.7  # log odds

# Words that also end sentences ("that is what I did", "we logged in", "er fing an").
_MAY_END = {
    "en": word_set(
        "that this these those her his more most both some any all no such before after since",
        "though like in on off over up through about across around inside outside behind near",
        "under within instead why how what where when who which do does did have had has is are",
        "was were am be been can could will would should need needed want wanted tried went got",
        "try well really actually basically it's that's there's another other each every once own",
    ),
    "de": word_set(
        "an auf aus mit vor zu bei nach durch um unter das ein dann also wie wo warum sie er ihr",
        "keine meine unsere seine diese ist sind war waren",
        "habe haben hatte hatten wird werden wurde kann trotz",
    ),
    "fr": word_set("y après avant depuis contre pour comment pourquoi un une très est sont ai a"),
    "es": word_set("este esta otro otra muy son es era fue ha tengo puede pues entonces uno"),
    "it": word_set("questo questa molto dopo prima senza ho ha era sono è può così poi però"),
    "nl": word_set(
        "op in aan mee uit door over onder tegen af deze dit die wat waarom hoe erg is was waren",
        "heb hebben had hadden wordt werd kan moet wilde zij hij we zijn",
    ),
    "pt": word_set("este esta muito uma são era foi tenho tem pode depois antes até então é na no"),
}
_ROUNDS_OFF = re.compile(
    r"(?:.* )?(?:"
    r"(?:and|or) (?:so on|so forth|things like that|stuff like that|that's it|that's all)"
    r"|that's (?:it|all|about it|pretty much it|basically it|my answer)"
    r"|that (?:is|was|would be) (?:it|all|about it|my answer)"
    r"|(?:i'm|i am) done|nothing else|et cetera|etcetera|etc"
    r"|das (?:war|wär|wäre) ?(?:'s|es|alles)|das ist alles|und so weiter"
    r"|c'est tout|voilà|et ainsi de suite|eso es todo|nada más|y así|etcétera"
    r"|è tutto|tutto qui|e così via|eccetera|dat is alles|dat was het|enzovoort|en zo"
    r"|é isso|é tudo|e assim por diante|isso é tudo)"
)
_TAPERS_OFF = re.compile(
    r"(?:.* )?(?:you know|i mean|i think|i guess|kind of|sort of|a lot of|such as|as well as"
    r"|for example|for instance|at least|in order|zum beispiel|ich glaube|ich denke"
    r"|par exemple|je pense|por ejemplo|creo|per esempio|credo"
    r"|bijvoorbeeld|ik denk|por exemplo|acho)"
)
_A = r"(?:the|an?|some|any|every|no|this|these|those|my|our|your|his|her|their)"
# "The people who", "a machine that"; but "I know who", "we did a bit like that".
_OPENS_RELATIVE = re.compile(
    rf"(?:.* )?(?:{_A} (?:\S+ ){{1,2}}(?:who|whose|which)|{_A} \S+ that"
    r"|(?:someone|somebody|anyone|anybody|everyone|everybody|people|those) (?:who|whose|that))"
)
_OPENS_CLAUSE = word_set(
    "when if while although though whereas unless once wenn während obwohl nachdem als quand",
    "lorsque si pendant cuando mientras aunque quando mentre anche toen terwijl hoewel enquanto",
    "embora",
)
_YES_OR_NO = word_set(
    "yes yeah yep yup no nope nah sure correct exactly absolutely definitely never always ja nein",
    "doch genau nee oui non si sí sì sim não exactement exacto esatto precies exato",
)
_ASKS_YES_OR_NO = re.compile(
    r"(?:and |so |okay |also |then )*"
    r"(?:do|did|does|are|is|was|were|have|has|had|can|could|will|would|should"
    r"|haben|sind|ist|hat|können|kennen|waren|est ce|avez|êtes|ha|hai|heeft|heb|kunt|bent|você)\b"
)
_ASKS_FOR_ONE_THING = re.compile(
    r"(?:.* )?(?:how (?:many|much|long|often|big|old|far)|which|where|when|who|what (?:is|was|are)"
    r"|wie (?:viel|viele|lange|oft)|welche\w*|wo|wann|combien|quel\w*|cuánt\w*|cuál|dónde"
    r"|quant\w*|quale|dove|hoeveel|welke|waar|wanneer|qual|onde)\b"
)
_ASKS_TO_TELL = re.compile(
    r"(?:.* )?(?:tell|describe|explain|walk|talk|share|example|how (?:did|do|would|have) you|why"
    r"|what (?:did|do|would) you|what happened"
    r"|erzählen|beschreiben|erklären|décri\w*|expli\w*|racont\w*|describ\w*|cuént\w*|descri\w*"
    r"|vertel\w*|beschrijf|uitleggen|cont\w*)\b"
)
_ASKS_FOR_A_STORY = re.compile(
    r"(?:.* )?(?:tell|describe|walk|talk|share|example|how (?:did|do|would|have) you|what happened"
    r"|erzählen|beschreiben|beispiel|décri\w*|racont\w*|exemple|describ\w*|cuént\w*|ejemplo"
    r"|descri\w*|raccont\w*|esempio|vertel\w*|beschrijf|voorbeeld|cont\w*|exemplo)\b"
)
_ASKS_TO_SPELL = re.compile(
    r"(?:.* )?(?:number|phone|telephone|e mail|email|mail|address|spell|code|telefon\w*|nummer"
    r"|adresse?|dirección|correo|número|numéro|indirizzo|numero|telefoonnummer|adres|endereço)\b"
)
_MORE_DIGITS = word_set("zero oh one null eins zéro un cero uno nul een um")
_FEWEST_DIGITS = 7  # of a telephone number
_ROUND_NUMBERS = word_set("twenty thirty forty fifty sixty seventy eighty ninety hundred thousand")
_ATS = word_set("at ät arobase arroba chiocciola apenstaartje")
_DOTS = word_set("dot punkt point punto ponto")  # before the last word of an address
_SPELLED = word_set("dot at point dash underscore slash punkt komma point arobase punto arroba")
_FULL_STOPS = (".", "!", "\u3002", "\uff01", "\u0964", "\u06d4")
_QUESTION_MARKS = ("?", "\uff1f", "\u061f", "\u037e")
_TRAILING_MARKS = ("\u2026", ",", "-", "\u2014", ":", "\uff0c", "\u3001", "\u060c")
_SENTENCE_BREAK = re.compile(f"[{re.escape(''.join(_FULL_STOPS + _QUESTION_MARKS))}\u2026]+")
_CLOSERS = " \"'\u201d\u2019)]\u300d\u00bb"
_UNSPACED_LANGUAGES = frozenset({"zh", "ja", "th"})
_MOST_WORDS_OF_A_BRIEF_ANSWER = 4
_OPEN_CLAUSE_WORDS = 10
_SLOWEST_WORD_MS = 2000


@dataclass(frozen=True, slots=True)
class PauseSituation:
    """The pause after some speech, and all that is known to judge it by."""

    text: str
    question: str
    speech_ms: int
    language: str
    usual_pause_ms: int  # this speaker's own, learned
    sound: float | None = None  # what the turn detector hears in it
    trust: float = 1.0  # in that, learned from this speaker's pauses
    settled: bool = True  # `text` is all that was said; else the newest words are missing


@dataclass(frozen=True, slots=True)
class _Utterance:
    words: tuple[str, ...]
    sentence: tuple[str, ...]  # the last one
    mark: str  # the last character when it is punctuation, else a letter
    asked: str  # the last sentence of the question, normalised
    language: str

    @property
    def last(self) -> str:
        return self.words[-1]

    @property
    def length(self) -> int:
        """In words; two characters make one where words are not spaced."""
        if self.language in _UNSPACED_LANGUAGES:
            return (len("".join(self.words)) + 1) // 2
        return len(self.words)

    @property
    def is_closed(self) -> bool:
        return self.mark in _FULL_STOPS


def completion_score(pause: PauseSituation) -> float:
    """Probability from 0.0 to 1.0 that the turn is over; how long the silence is, is not in it."""
    log_odds = _log_odds(_by_words(pause)) - PATIENCE * _doublings(pause.usual_pause_ms)
    if pause.sound is not None:  # evidence of the same thing
        heard = min(max(pause.sound, 1.0 - SUREST_SOUND), SUREST_SOUND)
        log_odds += SOUND_WEIGHT * pause.trust * _log_odds(heard)
    return _probability(log_odds)


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


def _log_odds(probability: float) -> float:
    return math.log(probability / (1.0 - probability))


def _doublings(usual_pause_ms: int) -> float:
    """How many times as long as people do this speaker pauses, as a power of two."""
    return min(max(math.log2(max(usual_pause_ms, 1) / ORDINARY_PAUSE_MS), -0.5), 2.0)


def _by_words(pause: PauseSituation) -> float:
    said = _utterance(pause.text, pause.question, language_root(pause.language))
    if said is None:
        heard_nothing = pause.settled and pause.speech_ms < NOISE_MS
        return float((_Ending.UNHEARD_NOISE if heard_nothing else _Ending.UNHEARD_SPEECH).value)
    lagging = said.length * _SLOWEST_WORD_MS < pause.speech_ms
    if lagging or not pause.settled:  # how it ends is not known yet
        return float(_Ending.UNHEARD_SPEECH.value)
    return _ending(said)


def _utterance(text: str, question: str, language: str) -> _Utterance | None:
    if language == "el":  # keyboards write its question mark as a semicolon
        text, question = text.replace(";", "\u037e"), question.replace(";", "\u037e")
    words = normalized_words(text)
    if not words:
        return None
    stripped = text.rstrip(_CLOSERS)
    mark = "\u2026" if stripped.endswith("...") else stripped[-1:]
    return _Utterance(
        words, _last_sentence(text), mark, " ".join(_last_sentence(question)), language
    )


def _last_sentence(text: str) -> tuple[str, ...]:
    sentences = [normalized_words(each) for each in _SENTENCE_BREAK.split(text)]
    return next((sentence for sentence in reversed(sentences) if sentence), ())


def _ending(said: _Utterance) -> float:
    ending = _rounded_off(said) or _unfinished(said)
    if ending is None and _asks_for_an_account(said):
        return _told(said)
    return float((ending or _answer(said)).value)


def _rounded_off(said: _Utterance) -> _Ending | None:
    """What the whole of it, or a mark, says."""
    spoken = " ".join(said.words)
    if _ROUNDS_OFF.fullmatch(spoken):
        return _Ending.ROUNDED_OFF
    if said.mark in _QUESTION_MARKS:
        return _Ending.ASKED_BACK
    if said.mark in _TRAILING_MARKS or _TAPERS_OFF.fullmatch(spoken):
        return _Ending.DANGLING
    if said.language == "en" and _OPENS_RELATIVE.fullmatch(spoken):
        return _Ending.DANGLING
    return None


def _asks_for_an_account(said: _Utterance) -> bool:
    return bool(_ASKS_TO_TELL.match(said.asked)) and not _ASKS_TO_SPELL.match(said.asked)


def _told(said: _Utterance) -> float:
    """A reason may be one clause; who tells a story in one has rarely come to its end."""
    told = float(_by_length(said, _TOLD).value)
    joined = None if said.is_closed else joins_clauses(said.words, said.language)
    if joined:
        return _probability(_log_odds(told) + TWO_CLAUSES)
    if joined is None or not _ASKS_FOR_A_STORY.match(said.asked):
        return told
    return _probability(_log_odds(told) + HALF_A_STORY)


def _unfinished(said: _Utterance) -> _Ending | None:
    """What the last word leaves open."""
    table = function_words(said.language)
    if said.last in _MAY_END.get(said.language, ()):
        # "I did that." and "yes I do" are over, "and then that" is not.
        confirmed = said.words[0] in _YES_OR_NO and _is_brief(said)
        return None if said.is_closed or confirmed else _Ending.LEANING
    if _ends_in(said, table.fillers):
        return _Ending.HESITATING
    if _ends_in(said, table.leans_on_the_next | table.subjects | table.auxiliaries):
        return _Ending.DANGLING
    if said.last in table.numerals | _SPELLED:
        return _counted(said)
    opens = said.sentence[0] in _OPENS_CLAUSE and len(said.sentence) < _OPEN_CLAUSE_WORDS
    return _Ending.OPEN_CLAUSE if opens else None


def _ends_in(said: _Utterance, words: frozenset[str]) -> bool:
    if said.language not in _UNSPACED_LANGUAGES:
        return said.last in words
    # A mark, or nothing but the word, says more than the letters that it happens to end in.
    return not said.is_closed and said.last.endswith(tuple(words))


def _counted(said: _Utterance) -> _Ending:
    if _ASKS_TO_SPELL.match(said.asked):
        return _spelled(said)
    if not _ASKS_FOR_ONE_THING.match(said.asked):
        return _Ending.COUNTING
    return _Ending.ROUND_NUMBER if said.last in _ROUND_NUMBERS else _Ending.NUMBER


def _spelled(said: _Utterance) -> _Ending:
    """A telephone number with enough digits and an address with its last dot can be whole."""
    behind_at = next((n for n, each in enumerate(said.words) if each in _ATS), len(said.words))
    if any(each in _DOTS for each in said.words[behind_at:-1][-1:]):
        return _Ending.ADDRESS
    digits = function_words(said.language).numerals | _MORE_DIGITS
    dialled = sum(1 if each in digits else len(each) * each.isdecimal() for each in said.words)
    return _Ending.LONG_NUMBER if dialled >= _FEWEST_DIGITS else _Ending.COUNTING


def _is_brief(said: _Utterance) -> bool:
    return said.length <= _MOST_WORDS_OF_A_BRIEF_ANSWER


def _answer(said: _Utterance) -> _Ending:
    """Of words that can be the last ones."""
    if _ASKS_TO_SPELL.match(said.asked):
        return _spelled(said)
    if said.words[0] in _YES_OR_NO and _is_brief(said):  # one "yes" is often followed by more
        return _Ending.ANSWERED if len(said.words) > 1 else _Ending.YES_OR_NO
    if not (_ASKS_YES_OR_NO.match(said.asked) or _ASKS_FOR_ONE_THING.match(said.asked)):
        return _by_length(said, _SAID)
    if _is_brief(said):
        return _Ending.ANSWERED_SENTENCE if said.is_closed else _Ending.ANSWERED
    return _Ending.ANSWERED if said.is_closed else _Ending.SAID_AT_LENGTH


def _by_length(said: _Utterance, endings: "_Endings") -> _Ending:
    plain, sentence = next(pair for longest, pair in endings if said.length <= longest)
    return sentence if said.is_closed else plain


# Up to so many words: without and with a full stop.
_Endings = tuple[tuple[float, tuple[_Ending, _Ending]], ...]
_TOLD: _Endings = (
    (_MOST_WORDS_OF_A_BRIEF_ANSWER, (_Ending.BEGUN, _Ending.BEGUN_SENTENCE)),
    (7, (_Ending.TOLD_A_LITTLE, _Ending.TOLD_A_LITTLE_SENTENCE)),
    (14, (_Ending.TOLD, _Ending.TOLD_SENTENCE)),
    (math.inf, (_Ending.TOLD_AT_LENGTH, _Ending.TOLD_AT_LENGTH_SENTENCE)),
)
_SAID: _Endings = (
    (_MOST_WORDS_OF_A_BRIEF_ANSWER, (_Ending.FRAGMENT, _Ending.CLAUSE)),
    (7, (_Ending.CLAUSE, _Ending.TOLD_SENTENCE)),
    (math.inf, (_Ending.STATEMENT, _Ending.SENTENCE)),
)
