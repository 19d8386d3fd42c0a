"""What a credential may do."""

from dataclasses import dataclass
from enum import StrEnum

from vivavoce.core.errors import Forbidden, Invalid, Issue


class Scope(StrEnum):
    CANDIDATES_READ = "candidates.read"
    CANDIDATES_WRITE = "candidates.write"
    CANDIDATES_DELETE = "candidates.delete"
    INTERVIEWS_READ = "interviews.read"
    INTERVIEWS_WRITE = "interviews.write"
    EVALUATION_TEMPLATES_READ = "evaluation_templates.read"
    EVALUATION_TEMPLATES_WRITE = "evaluation_templates.write"
    EVALUATION_STAGES_READ = "evaluation_stages.read"
    EVALUATION_STAGES_WRITE = "evaluation_stages.write"
    JOBS_READ = "jobs.read"
    JOBS_WRITE = "jobs.write"
    CAMPAIGNS_READ = "campaigns.read"
    CAMPAIGNS_WRITE = "campaigns.write"
    STAGES_READ = "stages.read"
    STAGES_WRITE = "stages.write"
    REPORTS_READ = "reports.read"
    REPORTS_WRITE = "reports.write"
    WEBHOOKS_READ = "webhooks.read"
    WEBHOOKS_WRITE = "webhooks.write"
    EMBEDS_READ = "embeds.read"
    EMBEDS_WRITE = "embeds.write"
    KNOWLEDGE_READ = "knowledge.read"
    KNOWLEDGE_WRITE = "knowledge.write"
    API_KEYS_READ = "api_keys.read"
    API_KEYS_WRITE = "api_keys.write"
    MEMBERS_READ = "members.read"
    MEMBERS_WRITE = "members.write"
    ORGANIZATIONS_READ = "organizations.read"
    ORGANIZATIONS_WRITE = "organizations.write"


ALL_SCOPES = frozenset(Scope)


def parse_scope(text: str) -> Scope:
    """Accept both spellings, `interviews.read` and `interviews:read`."""
    try:
        return Scope(text.replace(":", ".", 1))
    except ValueError:
        issue = Issue(("scopes",), "This scope does not exist.")
        raise Invalid("unknown_scope", "A requested scope does not exist.", (issue,)) from None


@dataclass(frozen=True)
class Principal:
    """Who a request acts for, as its credential proved.

    `key_id` is empty without an API key behind it, `member_id` unless a member has signed in.
    """

    organization_id: str
    key_id: str
    scopes: frozenset[Scope]
    member_id: str = ""

    def require(self, scope: Scope) -> None:
        """Raise `Forbidden` that names the missing scope."""
        if scope not in self.scopes:
            raise Forbidden("missing_scope", f"This credential lacks the scope {scope}.")
