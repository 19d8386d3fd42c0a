"""The error tree; every boundary translates it once.

VivavoceError
├── Invalid              the request is malformed or breaks a rule (400)
├── Unauthenticated      no credential, or one that does not verify (401)
├── Forbidden            a valid credential without the right (403)
├── NotFound             (404)
├── Conflict             the state does not allow it, or somebody else was first (409)
├── Gone                 it was there, and its time is over (410)
├── TooLarge             (413)
├── Unprocessable        well formed, but refers to something that cannot be (422)
├── RateLimited          (429)
├── AtCapacity           this box holds no further conversation now (503)
└── EngineFailure        a model or its file is broken (503); the session stays resumable
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Issue:
    """One thing wrong with a request; `path` leads to it, e.g. `("questions", "0", "question")`."""

    path: tuple[str, ...]
    message: str


class VivavoceError(Exception):
    """Base of all expected failures.

    `code` is stable and machine readable. `message` is one sentence for the person who caused it
    and never contains transcripts, names, addresses or tokens.
    """

    status = 500

    def __init__(self, code: str, message: str, issues: tuple[Issue, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.issues = issues


class Invalid(VivavoceError):
    status = 400


class Unauthenticated(VivavoceError):
    status = 401


class Forbidden(VivavoceError):
    status = 403


class NotFound(VivavoceError):
    status = 404


class Conflict(VivavoceError):
    status = 409


class Gone(VivavoceError):
    status = 410


class TooLarge(VivavoceError):
    status = 413


class Unprocessable(VivavoceError):
    status = 422


class RateLimited(VivavoceError):
    status = 429


class AtCapacity(VivavoceError):
    status = 503


class EngineFailure(VivavoceError):
    status = 503
