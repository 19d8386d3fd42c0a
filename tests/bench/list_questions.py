"""Every question that the lists answer: each list of the table, with every filter it offers."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import product
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from vivavoce.core.scopes import Scope
from vivavoce.web.operations import Envelope, operation_of
from vivavoce.web.routes import TABLE, Entry

PAGING = {"page", "pageSize"}
Known = Mapping[str, str]  # values for filters that are no enumeration, by their names


def lists() -> tuple[Entry, ...]:
    """Those of a whole organization that a key opens; others list what one object has."""
    return tuple(entry for entry in TABLE if _is_list(entry))


def questions(entry: Entry, known: Known) -> Iterator[dict[str, str]]:
    """Every combination of filters; of an enumeration every value."""
    operation = operation_of(entry.endpoint)
    fields = operation.query.model_fields if operation and operation.query else {}
    filters = {name: field for name, field in fields.items() if name not in PAGING}
    choices = [(None, *_values(name, field, known)) for name, field in filters.items()]
    for chosen in product(*choices):
        pairs = zip(filters, chosen, strict=True)
        yield {name: value for name, value in pairs if value is not None}


def _is_list(entry: Entry) -> bool:
    operation = operation_of(entry.endpoint)
    if operation is None or operation.answer.envelope is not Envelope.MANY:
        return False
    return isinstance(operation.opened_by, Scope) and "{" not in entry.path


def _values(name: str, field: FieldInfo, known: Known) -> tuple[str, ...]:
    listed = _listed(field.annotation)
    return listed or (known.get(name, "none"),)


def _listed(annotation: Any) -> tuple[str, ...]:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return tuple(annotation)
    if get_origin(annotation) is Literal:
        return tuple(str(value) for value in get_args(annotation))
    inner = [part for part in get_args(annotation) if part is not NoneType]
    return tuple(value for part in inner for value in _listed(part))
