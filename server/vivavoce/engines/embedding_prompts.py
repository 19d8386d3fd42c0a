"""What some families of embedding models want before a text, told by their names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EmbeddingPrompts:
    """Before a text that looks for others, and before one that is to be found."""

    query: str = ""
    passage: str = ""

    def of(self, text: str, *, query: bool) -> str:
        return (self.query if query else self.passage) + text


_TASK = "Given a question and an answer of an interview, find passages that they are about"
_FAMILIES = {
    "qwen3-embedding": EmbeddingPrompts(query=f"Instruct: {_TASK}\nQuery:"),
    "e5-": EmbeddingPrompts("query: ", "passage: "),
    "nomic-embed": EmbeddingPrompts("search_query: ", "search_document: "),
}


def prompts_of(name: str) -> EmbeddingPrompts:
    lowered = name.lower()
    known = (prompts for family, prompts in _FAMILIES.items() if family in lowered)
    return next(known, EmbeddingPrompts())
