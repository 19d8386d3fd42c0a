"""When an interview is to be held: a moment that exists, lies ahead, and is not too far off."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vivavoce.core.errors import Invalid, Issue

FARTHEST = timedelta(days=366)


def parse_appointment(
    told: datetime | None, timezone: str | None, now: datetime
) -> datetime | None:
    """In UTC. A time without an offset is the local time of `timezone`.

    Raises `Invalid` codes `timezone` and `scheduled_at`.
    """
    zone = None if timezone is None else _zone(timezone)
    if told is None:
        return None
    moment = _in_utc(told, zone)
    if not now < moment <= now + FARTHEST:
        raise _impossible(f"It must lie ahead, and within {FARTHEST.days} days.")
    return moment


def _in_utc(told: datetime, zone: ZoneInfo | None) -> datetime:
    try:
        if told.tzinfo is not None:
            return told.astimezone(UTC)
        if zone is None:
            raise _impossible("It needs an offset such as +02:00 or Z, or a timezone beside it.")
        moment = told.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) != told:
            raise _impossible("The clocks of this timezone skip that time.")
    except OverflowError:
        raise _impossible("There is no such time.") from None
    return moment


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    # The rest is what a name does that leads out of the database or to a folder of it.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        issue = Issue(("timezone",), "It must be a name of the IANA database: Europe/Berlin.")
        raise Invalid("timezone", "This timezone does not exist.", (issue,)) from None


def _impossible(message: str) -> Invalid:
    issue = Issue(("scheduled_at",), message)
    return Invalid("scheduled_at", "An interview cannot be held at that time.", (issue,))
