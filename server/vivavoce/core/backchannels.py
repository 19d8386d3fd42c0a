# ruff: noqa: RUF001 (letters of other scripts belong here)
"""What a listener says without wanting the floor: "mm-hm", "okay", a cough.

An interruption needs words of its own; these are none, in any number.
"""

import re
import unicodedata
from functools import lru_cache

from vivavoce.core.function_words import function_words, language_root

# What recognisers write for sounds: "[NOISE]", "<sil>", "(coughs)", "*laughs*", "++NOISE++".
_SOUND = re.compile(r"\[[^\]]*\]|<[^>]*>|\([^)]*\)|\*[^*]*\*|\+\+[^+]*\+\+|\u266a")
_VOCALIZATIONS = (
    r"m+|m*h+m+(?: h+m+)*|m+ ?h+m+|m+ h+u+m*|u+h+ h+u+h+|u+h+ h+m+|a+h+a*|a+ ha+|o+h+|e+h+|h+u+h+"
    r"|u+h+m*|u+m+|e+r+m*|ä+h*m*|ö+h*m*|e+u+h+|(?:ha){2,}|(?:ha )+ha|o+k+|o+ ?k+(?:ay|ey|e)?|okie"
)
_PHRASES = {
    "en": "yeah+|yep|yup|yes|right|alright|all right|sure|i see|got it|gotcha|good|great|nice|cool"
    "|fine|wow|of course|exactly|true|indeed|definitely|absolutely|interesting|makes sense"
    "|understood|that's right|i know|thanks|thank you|sounds good|hm|no problem|sorry",
    "de": "ja+|jap|jo|genau|gut|sehr gut|klar|alles klar|stimmt|richtig|aha|ach so|achso|verstehe"
    "|verstanden|ich verstehe|super|schön|danke|na ja|mhm|ach",
    "fr": "oui|ouais|d'accord|ok|bien|très bien|bien sûr|exactement|voilà|je vois|je comprends"
    "|compris|c'est vrai|super|merci|ah bon|tout à fait",
    "es": "sí|si|claro|vale|bueno|bien|muy bien|ya|entiendo|ya veo|exacto|de acuerdo|perfecto"
    "|por supuesto|gracias|así es|ajá|aja",
    "it": "sì|si|certo|va bene|bene|molto bene|capito|capisco|ho capito|esatto|giusto|d'accordo"
    "|perfetto|grazie|ah ecco|ecco|chiaro",
    "nl": "ja+|jawel|oké|goed|prima|precies|klopt|inderdaad|juist|ik snap het|snap ik|begrepen"
    "|duidelijk|zeker|dank u|bedankt|leuk|mooi",
    "pt": "sim|claro|certo|tá|tá bom|está bem|bem|muito bem|entendi|percebi|exato|exatamente"
    "|com certeza|isso|perfeito|obrigado|obrigada|pois é|aham",
    "pl": "tak|aha|jasne|dobrze|dobra|rozumiem|no tak|racja|dokładnie|dziękuję",
    "ru": "да|ага|угу|хорошо|понятно|понял|поняла|ясно|конечно|точно|верно|спасибо",
    "uk": "так|ага|угу|добре|зрозуміло|звичайно|точно|дякую",
    "tr": "evet|tamam|hı hı|hıhı|aynen|doğru|anladım|peki|tabii|teşekkürler",
    "sv": "ja+|jo|jaha|okej|bra|precis|just det|visst|jag förstår|tack",
    "da": "ja+|jo|okay|godt|præcis|netop|klart|tak|det er rigtigt",
    "no": "ja+|jo|ok|greit|bra|nettopp|akkurat|riktig|takk",
    "fi": "joo+|juu|kyllä|niin|aivan|okei|hyvä|selvä|kiitos",
    "ar": "نعم|أيوه|ايوه|آه|اه|طيب|تمام|حسنا|صحيح|فهمت|أكيد|شكرا",
    "hi": "हाँ|हां|जी|जी हाँ|जी हां|अच्छा|ठीक|ठीक है|सही|समझ गया|समझ गई|बिल्कुल",
    "zh": "嗯|对|对的|好|好的|是|是的|哦|噢|啊|明白|了解|没错|行",
    "ja": "はい|うん|ええ|そう|そうです|そうですね|なるほど|へえ|ああ|わかりました",
    "ko": "네|예|음|아|그렇죠|그래요|맞아요|알겠습니다|좋아요",
    "th": "ครับ|ค่ะ|คะ|อืม|ใช่|โอเค|ได้|เข้าใจ",
}
# One of these is enough to interrupt, alone or as the first word.
_STOPS = {
    "en": "stop|wait|pardon|excuse me|hold on|hang on|one moment|just a (?:second|moment)|hello",
    "de": "stopp?|halt|warten sie|warte|moment|entschuldigung|wie bitte",
    "fr": "stop|attendez|attends|pardon|excusez moi|un instant",
    "es": "para|pare|alto|espere|espera|perdón|disculpe|un momento",
    "it": "stop|basta|aspetti|aspetta|scusi|un attimo|un momento",
    "nl": "stop|wacht|wacht even|pardon|momentje|sorry",
    "pt": "pare|para|espere|espera|desculpe|um momento",
    "pl": "stop|czekaj|proszę zaczekać|przepraszam|chwileczkę",
    "ru": "стоп|подождите|постойте|извините|минутку",
    "uk": "стоп|зачекайте|вибачте|хвилинку",
    "tr": "dur|durun|bekleyin|pardon|bir dakika",
    "sv": "stopp|vänta|ursäkta|ett ögonblick",
    "da": "stop|vent|undskyld|et øjeblik",
    "no": "stopp|vent|unnskyld|et øyeblikk",
    "fi": "seis|odota|odottakaa|anteeksi|hetkinen",
    "ja": "待って|待ってください|すみません",
    "zh": "等一下|等等|停|不好意思",
    "ko": "잠깐만요|잠시만요|멈춰|죄송합니다",
}
_UNSPACED = frozenset({"zh", "ja", "th"})


def is_backchannel(text: str, language: str) -> bool:
    """Something was heard, and all of it was a listener's noise."""
    return bool(text.strip()) and content_words(text, language) == 0


def asks_to_stop(text: str, language: str) -> bool:
    """It begins with a word that is said to get the floor."""
    stops = _STOPS.get(language_root(language))
    if stops is None:
        return False
    said = _plain(_SOUND.sub(" ", text)).replace("-", " ")
    return re.match(rf"(?:(?:{_VOCALIZATIONS}) )*(?:{stops})(?!\S)", said) is not None


def content_words(text: str, language: str) -> int:
    """Words that are neither backchannels nor fillers; two characters make one in Chinese, Thai."""
    root = language_root(language)
    said = _plain(_SOUND.sub(" ", text))
    left = _noise(root).sub(" ", said).split()
    if root in _UNSPACED:
        return (len("".join(left)) + 1) // 2
    return len(left)


@lru_cache(maxsize=64)
def _noise(root: str) -> re.Pattern[str]:
    # The longest first, or "ठीक" would leave the rest of "ठीक है" over.
    phrases = [*filter(None, _PHRASES.get(root, "").split("|")), *function_words(root).fillers]
    noise = "|".join([*sorted(phrases, key=len, reverse=True), _VOCALIZATIONS])
    if root in _UNSPACED:
        # Nothing separates the words, so only a run of them from end to end is noise.
        return re.compile(rf"^(?:(?:{noise})\s*)+$")
    return re.compile(rf"(?<!\S)(?:{noise})(?!\S)")


def _plain(text: str) -> str:
    """Lower case with single spaces, without marks; accents and vowel signs of any script stay."""
    folded = unicodedata.normalize("NFC", text).replace("\u2019", "'").lower()
    return " ".join("".join(map(_letter_or_space, folded)).split())


def _letter_or_space(character: str) -> str:
    spoken = character == "'" or unicodedata.category(character)[0] in "LMN"
    return character if spoken else " "
