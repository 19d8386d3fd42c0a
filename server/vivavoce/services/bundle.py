"""All services, built once, as the web layer and the command line receive them."""

from dataclasses import dataclass

from vivavoce.ports.clock import Clock
from vivavoce.ports.stores import ScorecardStore, Stores
from vivavoce.services.agent_profiles import AgentProfiles
from vivavoce.services.credentials import Credentials
from vivavoce.services.embeds import Embeds
from vivavoce.services.foundation import Foundation
from vivavoce.services.interviews import Interviews
from vivavoce.services.journal import Journals
from vivavoce.services.launch_tokens import LaunchTokens
from vivavoce.services.launches import Launches
from vivavoce.services.live_sessions import LiveSessions
from vivavoce.services.organizations import Organizations
from vivavoce.services.results import Results
from vivavoce.services.scorecard_record import DurableScorecards
from vivavoce.services.sessions import Sessions
from vivavoce.services.tickets import Tickets

GRACE_SECONDS = 600


@dataclass(frozen=True)
class Services:
    clock: Clock
    instance_url: str
    organizations: Organizations
    credentials: Credentials
    agent_profiles: AgentProfiles
    interviews: Interviews
    embeds: Embeds
    launch_tokens: LaunchTokens
    launches: Launches
    tickets: Tickets
    sessions: Sessions
    live_sessions: LiveSessions
    journals: Journals
    results: Results
    scorecard_store: ScorecardStore


def build_services(
    stores: Stores, clock: Clock, instance_url: str, *, grace_seconds: int = GRACE_SECONDS
) -> Services:
    foundation = Foundation(stores, clock, instance_url.rstrip("/"))
    embeds = Embeds(foundation)
    tokens = LaunchTokens(foundation, embeds)
    tickets = Tickets(foundation)
    sessions = Sessions(foundation, tokens, grace_seconds)
    return Services(
        clock=clock,
        instance_url=foundation.instance_url,
        organizations=Organizations(foundation),
        credentials=Credentials(foundation),
        agent_profiles=AgentProfiles(foundation),
        interviews=Interviews(foundation, embeds),
        embeds=embeds,
        launch_tokens=tokens,
        launches=Launches(foundation, tokens, tickets),
        tickets=tickets,
        sessions=sessions,
        live_sessions=LiveSessions(foundation),
        journals=Journals(foundation),
        results=Results(foundation, sessions),
        scorecard_store=DurableScorecards(foundation),
    )
