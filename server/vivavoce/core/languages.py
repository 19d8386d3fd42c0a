"""The languages an interview may be held in, as the platform codes them (`br`: Brazilian
Portuguese), and which of them fits what somebody or their browser asks for.
"""

import re

_CODES = (
    "ar bg zh hr cs da nl en fil fi fr de el hi hu id it ja ko ms no pl pt br ro ru sk es sv ta th"
    " tr uk vi"
)
LANGUAGES = frozenset(_CODES.split())
RIGHT_TO_LEFT = frozenset({"ar"})

_TAGS = {"br": "pt-BR", "no": "nb"}  # BCP 47, where the platform's code is another one
_CODE_OF = {"nb": "no", "nn": "no", "tl": "fil", "pt-br": "br"}
_LONGEST_HEADER = 1000
_WISH = re.compile(r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(\d(?:\.\d{0,3})?))?")


def language_tag(code: str) -> str:
    """The BCP 47 tag of one of our codes."""
    return _TAGS.get(code, code)


def direction(code: str) -> str:
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def match_language(wish: str) -> str | None:
    """Our code for a wish such as `pt-BR`, `zh_Hans` or `nb`."""
    told = wish.replace("_", "-").lower()
    for tag in (told, told.partition("-")[0]):
        code = _CODE_OF.get(tag, tag)
        if code in LANGUAGES:
            return code
    return None


def accepted_language(header: str) -> str | None:
    """Our code for the dearest wish of an `Accept-Language` header that can be met."""
    wishes = []
    for part in header[:_LONGEST_HEADER].split(","):
        told = _WISH.fullmatch(part.strip())
        if told is not None:
            wishes.append((float(told[2] or 1), told[1]))
    # Stable: of wishes that are equally dear the first counts.
    for quality, wish in sorted(wishes, key=lambda each: -each[0]):
        code = match_language(wish)
        if code is not None and quality > 0:
            return code
    return None
