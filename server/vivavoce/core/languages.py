"""The languages an interview may be held in, as the platform codes them (`br`: Brazilian
Portuguese).
"""

_CODES = (
    "ar bg zh hr cs da nl en fil fi fr de el hi hu id it ja ko ms no pl pt br ro ru sk es sv ta th"
    " tr uk vi"
)
LANGUAGES = frozenset(_CODES.split())
