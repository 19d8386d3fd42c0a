"""The codes that prove an address: worked out anew whenever one is mailed or told, stored nowhere.

Neither the database nor a look at the queue of mail shows one; the instance's secret makes them.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from vivavoce.core.applying import CODE_LIFE, ApplyRequest, plain_code
from vivavoce.core.mail import Mail, Mailbox, MailFacts, MailKind, one_line
from vivavoce.core.signing import same, short_code
from vivavoce.services.foundation import Foundation
from vivavoce.services.postings import Posting


class ApplyCodes:
    def __init__(self, foundation: Foundation) -> None:
        self._secret = foundation.secret_for("apply-code")

    def code(self, request_id: str, number: int) -> str:
        return short_code(self._secret, f"{request_id}\n{number}")

    def fits(self, request: ApplyRequest, told: str) -> bool:
        right = self.code(request.id, request.code_number)
        return same(right, plain_code(told)) and request.is_code_mailed


def code_mail(foundation: Foundation, posting: Posting, request: ApplyRequest) -> Mail:
    """Without the name: a stranger who fills in an address must not choose words for it."""
    now, mail_id = foundation.now(), "mail_" + foundation.new_id()
    return Mail(
        id=mail_id,
        organization_id=request.organization_id,
        session_id=None,
        participant_id=None,
        kind=MailKind.CODE,
        recipient=Mailbox("", request.form.email),
        language=request.language,
        facts=MailFacts(
            organization=one_line(posting.company),
            interview=one_line(posting.template.name),
            minutes=CODE_LIFE // timedelta(minutes=1),
            code_number=request.code_number,
        ),
        message_id=f"{mail_id}@{urlsplit(foundation.instance_url).hostname}",
        created_at=now,
        due_at=now,
        not_after=now + CODE_LIFE,
        apply_request_id=request.id,
    )
