"""What the simulated candidate is asked and says: answers of every shape that makes turns hard."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Shape(StrEnum):
    SHORT = "short"
    LONG = "long"
    PAUSED = "paused"  # silent in the middle, for as long as people are


@dataclass(frozen=True)
class Part:
    """Words said in one go, and the silence before the next part."""

    text: str
    pause_ms: int = 0


@dataclass(frozen=True)
class Answer:
    shape: Shape
    parts: tuple[Part, ...]


def _said(shape: Shape, *texts: str, pause_ms: int = 0) -> Answer:
    *earlier, last = texts
    return Answer(shape, (*(Part(text, pause_ms) for text in earlier), Part(last)))


ANSWERS: tuple[Answer, ...] = (
    _said(Shape.SHORT, "I worked in a small bakery for about three years."),
    _said(
        Shape.LONG,
        "We had a problem with late orders every Monday morning. I looked at the numbers for a "
        "month and found that one oven was always cold, so I changed the order of the work.",
    ),
    _said(
        Shape.PAUSED,
        "The most difficult part was the new machine, because",
        "nobody in the team had ever used one before.",
        pause_ms=900,
    ),
    _said(Shape.SHORT, "It took two weeks, and it saved us a lot of money."),
    _said(
        Shape.LONG,
        "First I talked with everybody who would be touched by the change. Then I wrote a short "
        "plan, and we tried it for one day before we did it for the whole shop.",
    ),
    _said(Shape.SHORT, "Yes, I did that on my own."),
    _said(
        Shape.PAUSED,
        "I remember one day when the power went out and",
        "we had to bake everything by hand until the evening.",
        pause_ms=1300,
    ),
    _said(
        Shape.LONG,
        "For example, last winter we lost our biggest customer. I called them, I listened, and in "
        "the end they came back because we promised to be on time.",
    ),
    _said(Shape.SHORT, "I would ask for help much earlier."),
    _said(
        Shape.PAUSED,
        "My own part was small at first.",
        "Later I was the one who trained the new people.",
        pause_ms=600,
    ),
)

QUESTIONS: tuple[str, ...] = (
    "What did you do in your last job?",
    "Tell me about a problem that you solved.",
    "How do you plan a change?",
    "When did something go wrong?",
    "How do you work with other people?",
    "What have you learned from a mistake?",
    "Why do you want to work with us?",
    "What would you do in your first week?",
)


def interview_fields(profile_id: str) -> dict[str, Any]:
    """The request that makes the interview, as an integration would send it."""
    return {
        "name": "Latency bench",
        "location": "here",
        "interview_template_id": profile_id,
        "mojito_language_code": "en",
        "description": "Runs a bakery with its team.",
        "status": "active",
        "type": "interview",
        "visibility": "merchant_unlisted",
        "interview_attempts": 1000,
        "welcome_message": "Hello, and welcome.",
        "thank_you_message": "Thank you, that was all.",
        "questions": [{"question": text} for text in QUESTIONS],
    }


def endless_interview_fields(profile_id: str) -> dict[str, Any]:
    """An interview that outlasts any measurement."""
    asked = [{"question": f"Number {n}. {text}"} for n in range(12) for text in QUESTIONS]
    return {**interview_fields(profile_id), "questions": asked}
