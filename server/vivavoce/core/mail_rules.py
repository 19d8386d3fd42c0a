"""When mail goes out: reminders before a deadline, and further attempts after a failure."""

from datetime import datetime, timedelta

from vivavoce.core.languages import match_language
from vivavoce.core.launch_rules import INVITATION_LIFE_SECONDS
from vivavoce.core.mail import MailFacts

LINK_LIFE = timedelta(seconds=INVITATION_LIFE_SECONDS)

# A day ahead if the invitation is not fresh by then, else two hours.
REMINDER_LEADS = (timedelta(hours=24), timedelta(hours=2))
LEAST_QUIET = timedelta(hours=4)

# From one failure to the next attempt: two days in all, as mail servers give one another.
RETRY_GAPS = (
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 16, 16)),
)
# Later, never earlier, and by a share, so that an outage does not end in everybody's rush.
JITTER_SHARE = 0.1


def deadline(facts: MailFacts, invited_at: datetime) -> datetime:
    """The appointment, the end of the invitation, or at least of its link."""
    return facts.scheduled_at or facts.expires_at or invited_at + LINK_LIFE


def reminder_at(invited_at: datetime, deadline: datetime) -> datetime | None:
    """None when the deadline is too near for a reminder."""
    for lead in REMINDER_LEADS:
        if deadline - lead - invited_at >= LEAST_QUIET:
            return deadline - lead
    return None


def retry_delay(failures: int, random: float) -> timedelta | None:
    """The time from the end of failure number `failures` to the next attempt, None after the last.

    `random` is from 0.0 to 1.0.
    """
    if failures > len(RETRY_GAPS):
        return None
    return RETRY_GAPS[failures - 1] * (1 + JITTER_SHARE * random)


def mail_language(locale: str | None, interview_language: str) -> str:
    """The candidate's own language where the platform speaks it, else the interview's."""
    return match_language(locale or "") or interview_language
