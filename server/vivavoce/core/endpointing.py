"""When a pause is the end of a turn: a schedule of patience, and what words and timing say.

A pause is judged again and again as it grows. Each time it needs a lower probability of being an
end, until it is long enough to be one whatever was said.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vivavoce.core.function_words import language_root
from vivavoce.core.template import Pace
from vivavoce.core.turn_completion import PauseSituation, completion_score
from vivavoce.core.words import normalized

__all__ = [
    "EndpointingSchedule",
    "PauseSituation",
    "completion_score",
    "wants_to_think",
]

CHECKPOINTS_MS = (160, 224, 350, 500, 600, 750, 900, 1150, 1400, 1700, 2000, 2700, 3400)
HARD_LIMITS_MS = {Pace.FASTER: 1800, Pace.NORMAL: 2500, Pace.PATIENT: 4000}

# (silence in ms at normal pace, probability that is enough); the other paces stretch the time.
_THRESHOLDS = (
    (100, 0.97),
    (200, 0.84),
    (350, 0.8),
    (500, 0.74),
    (900, 0.56),
    (1400, 0.42),
    (2000, 0.24),
)
# Why a turn was over. A turn is confident when its score was at least `SURE`, which says that the
# speaker sounds finished, however long the silence. A lower score that is enough after a longer
# silence is patience that ran out.
SURE = 0.8
CONFIDENT = "score"
DOUBTFUL = "patience"

_NORMAL_LIMIT_MS = HARD_LIMITS_MS[Pace.NORMAL]


def commit_reason(probability: float) -> str:
    return CONFIDENT if probability >= SURE else DOUBTFUL


@dataclass(frozen=True)
class EndpointingSchedule:
    pace: Pace = Pace.NORMAL

    @property
    def hard_limit_ms(self) -> int:
        return HARD_LIMITS_MS[self.pace]

    def threshold_at(self, silence_ms: int) -> float:
        """The probability of an end that is enough after that silence; never rises with it."""
        if silence_ms >= self.hard_limit_ms:
            return 0.0
        at_ms = silence_ms * _NORMAL_LIMIT_MS / self.hard_limit_ms
        earlier_ms, threshold = _THRESHOLDS[0]
        for later_ms, lower in _THRESHOLDS[1:]:
            if at_ms <= later_ms:
                share = max(0.0, at_ms - earlier_ms) / (later_ms - earlier_ms)
                return threshold + (lower - threshold) * share
            earlier_ms, threshold = later_ms, lower
        return threshold

    def is_over(self, score: float, silence_ms: int, expected_ms: int) -> bool:
        """Whether a pause of that score is an end; up to `expected_ms` only a sure one is."""
        bar = self.threshold_at(silence_ms)
        return score >= (max(bar, SURE) if silence_ms < expected_ms else bar)

    def next_checkpoint(self, after_ms: int) -> int | None:
        """The next silence at which to judge, or None when only the hard limit is left."""
        for checkpoint_ms in CHECKPOINTS_MS:
            if after_ms < checkpoint_ms < self.hard_limit_ms:
                return checkpoint_ms
        return None


@dataclass(frozen=True, slots=True)
class _Thinking:
    """Regular expressions over normalised words.

    `closing` asks for time at the end of anything said, `alone` only as a sentence of its own: "it
    took a second" is no request. Both may be followed by `tail`.
    """

    closing: str
    alone: str
    tail: str

    def is_in(self, said: str, last_sentence: str) -> bool:
        tail = rf"(?: (?:{self.tail}|{_HESITATION}))*"
        lead = rf"(?:(?:{_HESITATION}) )*"
        return bool(
            re.fullmatch(rf"(?:.* )?(?:{self.closing}){tail}", said)
            or re.fullmatch(rf"{lead}(?:{self.alone}){tail}", last_sentence)
        )


_HESITATION = (
    r"um+|uh+|er+m?|hm+|mm+|oh|ah|okay|ok|sorry|well|so|yes|yeah|(?:that's a )?good question"
    r"|äh+m?|öh+m?|ja|euh+|oui|bon|eh+m?|sí|bueno|sì|allora|é|bom|pardon|entschuldigung|perdón"
)
_THINKING: Mapping[str, _Thinking] = {
    "en": _Thinking(
        closing=r"let me (?:just |quickly )?(?:think|see|remember|recall|consider)"
        r"|(?:give|gimme) (?:me )?(?:just )?(?:a|one|another|some) (?:\w+ )?"
        r"(?:second|sec|moment|minute|time)"
        r"|i(?:'ll| would|'d)? (?:need|have|want) to think|i(?: am|'m) (?:still )?thinking"
        r"|can i (?:have|take) a (?:\w+ )?(?:second|moment|minute)",
        alone=r"(?:just |wait )?(?:a|one) (?:second|sec|moment|minute)|hold on|hang on|wait",
        tail=r"about (?:it|that|this|one|how)|for (?:a|one) (?:second|sec|moment|minute|bit)"
        r"|please|here|back|first|to think|of (?:an?|one) (?:good )?example",
    ),
    "de": _Thinking(
        closing=r"(?:lassen sie|lass) mich (?:kurz |mal |kurz mal )?(?:überlegen|nachdenken)"
        r"|muss ich (?:kurz |mal |kurz mal )?(?:überlegen|nachdenken)"
        r"|(?:geben sie|gib) mir (?:bitte )?(?:einen|eine|ne) (?:moment|augenblick|sekunde|minute)",
        alone=r"(?:einen |eine |ein |nur einen )?(?:moment|augenblick|sekunde)|ich überlege"
        r"|warten sie",
        tail=r"bitte|mal|kurz|noch|zeit",
    ),
    "fr": _Thinking(
        closing=r"laisse[sz]? moi (?:un peu )?réfléchir|je (?:réfléchis|cherche)"
        r"|donne[sz]? moi (?:un|une) (?:petit |petite )?(?:instant|moment|seconde|minute)",
        alone=r"(?:juste )?(?:un|une) (?:petit |petite )?(?:instant|moment|seconde|minute)|attendez"
        r"|voyons",
        tail=r"s'il (?:vous|te) plaît|un peu|à ça",
    ),
    "es": _Thinking(
        closing=r"d[ée]j[ea]me pensar(?:lo)?|tengo que pensar(?:lo)?"
        r"|d[eéa]me un (?:momento|segundo|minuto)",
        alone=r"(?:un|solo un) (?:momento|segundo|minuto)|a ver|espere|espera",
        tail=r"por favor|un poco|en eso",
    ),
    "it": _Thinking(
        closing=r"mi (?:faccia|lasci|fai) (?:un attimo )?pensare|fammi pensare|ci devo pensare"
        r"|mi dia un (?:attimo|momento|secondo)",
        alone=r"(?:solo )?un (?:attimo|momento|secondo)|vediamo|aspetti",
        tail=r"per favore|un po'?",
    ),
    "nl": _Thinking(
        closing=r"laat me (?:even )?(?:nadenken|denken)"
        r"|ik moet (?:even |er even )?(?:over )?nadenken"
        r"|geef me (?:even )?een (?:momentje|moment|seconde)",
        alone=r"(?:een )?(?:momentje|moment|seconde)|wacht even|even denken|even nadenken",
        tail=r"alstublieft|alsjeblieft|even|hoor",
    ),
    "pt": _Thinking(
        closing=r"deix[ea] (?:me |eu )?(?:pensar|ver)|preciso (?:de )?pensar"
        r"|me d[êá] um (?:momento|segundo|minuto)",
        alone=r"(?:só )?um (?:momento|segundo|minuto|minutinho)|espera|espere",
        tail=r"por favor|um pouco|nisso|aí",
    ),
}
_SENTENCE_BREAK = re.compile(r"[.!?…]+\s+")


def wants_to_think(text: str, language: str) -> bool:
    """The last thing said asks for time, as in "let me think about that for a second"."""
    thinking = _THINKING.get(language_root(language))
    if thinking is None:
        return False
    sentences = [normalized(sentence) for sentence in _SENTENCE_BREAK.split(text.strip())]
    return thinking.is_in(" ".join(sentences), sentences[-1])
