"""The pages of the dashboard: what each is called, and which rights it takes to see it."""

from dataclasses import dataclass

from vivavoce.core.scopes import Principal, Scope


@dataclass(frozen=True)
class Page:
    """`name` ends its address and names its module; `needs` are the scopes of what it reads."""

    name: str
    title: str
    lead: str
    needs: tuple[Scope, ...] = ()

    def is_open_to(self, principal: Principal) -> bool:
        return principal.scopes.issuperset(self.needs)


_PEOPLE = (Scope.CANDIDATES_READ, Scope.EVALUATION_TEMPLATES_READ)
HOME = Page("", "Home", "What waits for you, and what happened last.")
APPLICATIONS = Page(
    "applications",
    "Applications",
    "Who is considered for what. Interviews advance people; only a person turns somebody down.",
    _PEOPLE,
)
SESSIONS = Page(
    "sessions",
    "Interviews",
    "Each interview of each candidate, with its transcript and its evidence.",
    (Scope.INTERVIEWS_READ, *_PEOPLE),
)
PARTICIPANTS = Page("participants", "Candidates", "Everybody you know of.", _PEOPLE)
TEMPLATES = Page(
    "templates",
    "Templates",
    "What can be assessed, and where candidates find it.",
    (Scope.EVALUATION_TEMPLATES_READ,),
)
MAIL = Page(
    "mail",
    "Mail",
    "Every letter to a candidate. A link can be copied and passed on by hand.",
    (Scope.INTERVIEWS_READ, Scope.CANDIDATES_READ),
)
WEBHOOKS = Page(
    "webhooks",
    "Webhooks",
    "What other systems were told, and how that went.",
    (Scope.WEBHOOKS_READ,),
)
MEMBERS = Page("members", "Members", "Who may sign in, and as what.", (Scope.MEMBERS_READ,))
ENGINES = Page(
    "engines",
    "Engines",
    "What hears, leads, speaks and takes turns on this installation.",
    (Scope.INTERVIEWS_READ,),
)
ACCOUNT = Page("account", "Your account", "Your password, and where you are signed in.")

GROUPS: tuple[tuple[str, tuple[Page, ...]], ...] = (
    ("", (HOME,)),
    ("Hiring", (APPLICATIONS, SESSIONS, PARTICIPANTS, TEMPLATES)),
    ("Messages", (MAIL, WEBHOOKS)),
    ("Organization", (MEMBERS, ENGINES)),
)
PAGES = {page.name: page for _, pages in GROUPS for page in pages} | {ACCOUNT.name: ACCOUNT}


def groups_for(principal: Principal) -> list[tuple[str, list[Page]]]:
    """What the principal may see; a group of which nothing is left has no heading either."""
    seen = [
        (title, [page for page in pages if page.is_open_to(principal)]) for title, pages in GROUPS
    ]
    return [(title, pages) for title, pages in seen if pages]
