"""JSON schemas of bodies, queries and answers, as the components of one document."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from vivavoce.web.operations import Answer, Envelope, Shape
from vivavoce.web.reference.meanings import EXAMPLES, MEANINGS

JsonSchema = dict[str, Any]
_PLACE = "#/components/schemas/"
_PAGE_META = "PageMeta"


class PageMetaShape(Shape):
    page: int
    pageSize: int  # noqa: N815 (the contract's name)
    total: int
    totalPages: int  # noqa: N815 (the contract's name)


class IssueShape(Shape):
    path: list[str]
    message: str


class ErrorShape(Shape):
    error: str
    code: str
    issues: list[IssueShape]
    name: str = ""  # the code once more, in JobMojito's view alone


class Components:
    """Collects every schema once, under the name of its class."""

    def __init__(self) -> None:
        self._schemas: dict[str, JsonSchema] = {}

    def schemas(self) -> dict[str, JsonSchema]:
        return dict(sorted(self._schemas.items()))

    def body(self, model: type[BaseModel], *, partial: bool) -> JsonSchema:
        """Of a partial body nothing is required, and what is not sent has no default: it stays."""
        reference = self.refer(model)
        if not partial:
            return reference
        name = f"{public_name(model.__name__).removesuffix('Body')}Change"
        whole = self._schemas[public_name(model.__name__)]
        left = {key: value for key, value in whole.items() if key != "required"}
        left["properties"] = {
            field: {key: value for key, value in schema.items() if key != "default"}
            for field, schema in whole["properties"].items()
        }
        return self._keep(name, left)

    def answer(self, answer: Answer) -> JsonSchema | None:
        """None where the answer is no JSON."""
        if answer.shape is None:
            return None
        shape = self.refer(answer.shape)
        match answer.envelope:
            case Envelope.BARE:
                return shape
            case Envelope.ONE:
                return _object({"data": shape})
            case Envelope.MANY:
                rows = {"type": "array", "items": shape}
                return _object({"data": rows, "meta": self.refer(PageMetaShape)})

    def query(self, model: type[BaseModel]) -> Iterable[tuple[str, JsonSchema]]:
        """The parameters one by one; none of them can be null, because a query is text."""
        name = public_name(model.__name__)
        self.refer(model)
        return list(self._schemas.pop(name)["properties"].items())

    def refer(self, model: type[BaseModel]) -> JsonSchema:
        schema = _renamed(model.model_json_schema(ref_template=_PLACE + "{model}"))
        for name, nested in schema.pop("$defs", {}).items():
            self._keep(public_name(name), nested)
        return self._keep(public_name(model.__name__), schema)

    def _keep(self, name: str, schema: JsonSchema) -> JsonSchema:
        explained = _explained(name, schema)
        if self._schemas.setdefault(name, explained) != explained:
            raise ValueError(f"Two different schemas are called {name}.")
        return {"$ref": _PLACE + name}


def public_name(class_name: str) -> str:
    return class_name.removesuffix("Shape")


def without_null(schema: JsonSchema) -> JsonSchema:
    """An optional field as a parameter: absent, or of its type."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    return {**kinds[0], **rest}


def _object(properties: dict[str, JsonSchema]) -> JsonSchema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _explained(name: str, schema: JsonSchema) -> JsonSchema:
    """With what each field means, and a value that it may have."""
    if "properties" not in schema:
        return schema
    fields = {
        field: _told(name, field, described) for field, described in schema["properties"].items()
    }
    return {**schema, "properties": fields}


def _told(component: str, field: str, schema: JsonSchema) -> JsonSchema:
    told = dict(schema)
    for keyword, words in (("description", MEANINGS), ("examples", EXAMPLES)):
        found = words.get(f"{component}.{field}", words.get(field))
        if found is not None:
            told.setdefault(keyword, found)
    return told


def _renamed(schema: Any) -> Any:  # noqa: ANN401 (any JSON value)
    """Without the titles that repeat the names, and with references to public names."""
    match schema:
        case dict():
            return {
                key: public_name(value) if key == "$ref" else _renamed(value)
                for key, value in schema.items()
                if not (key == "title" and isinstance(value, str))
            }
        case list():
            return [_renamed(value) for value in schema]
        case _:
            return schema
