"""One attempt at delivering a webhook; however it ends, it ends as an answer."""

import asyncio

from vivavoce.core.errors import Forbidden
from vivavoce.core.webhooks import Answer, AttemptOutcome, outcome_of
from vivavoce.network.guarded_http import (
    NETWORK_ERRORS,
    TIMEOUT_ERRORS,
    GuardedHttp,
    Limits,
    Reach,
)

LONGEST_EXCERPT = 1000  # characters
USER_AGENT = "Vivavoce-Webhooks/1"


class HttpWebhookSender:
    """A `ports.webhooks.WebhookSender`."""

    def __init__(self, reach: Reach, limits: Limits | None = None) -> None:
        self._http = GuardedHttp(reach)
        self._limits = limits or Limits()

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        loop = asyncio.get_running_loop()
        began = loop.time()

        def ended(outcome: AttemptOutcome, status: int | None = None, excerpt: str = "") -> Answer:
            return Answer(outcome, round((loop.time() - began) * 1000), status, excerpt)

        sent = {"user-agent": USER_AGENT, **headers}
        try:
            fetched = await self._http.request("POST", url, sent, body, self._limits)
        except Forbidden:
            return ended(AttemptOutcome.FORBIDDEN_ADDRESS)
        except TIMEOUT_ERRORS:
            return ended(AttemptOutcome.TIMED_OUT)
        except NETWORK_ERRORS:
            return ended(AttemptOutcome.UNREACHABLE)
        return ended(outcome_of(fetched.status), fetched.status, _excerpt(fetched.body))


def _excerpt(body: bytes) -> str:
    text = body.decode("utf-8", "replace").replace("\0", "\ufffd")
    return text[:LONGEST_EXCERPT]
