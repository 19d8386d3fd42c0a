"""The query of every list."""

from pydantic import Field

from vivavoce.web.bodies import Query

MAX_PAGE = 1_000_000


class PageQuery(Query):
    page: int = Field(default=1, ge=1, le=MAX_PAGE)
    pageSize: int = Field(default=20, ge=1, le=100)  # noqa: N815 (the contract's name)
