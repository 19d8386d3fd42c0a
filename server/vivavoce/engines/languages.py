"""From the platform's language codes to ISO 639-1, which models know."""

# `br` is Brazilian Portuguese here; to a model it would be Breton.
ISO_CODES = {"br": "pt", "fil": "tl"}


def iso_language(language: str) -> str:
    """`en-US` and `en` become `en`, `br` becomes `pt`."""
    code = language.replace("_", "-").split("-")[0].lower()
    return ISO_CODES.get(code, code)
