"""Answers that no weight and no threshold was chosen by looking at."""

from collections.abc import Mapping, Sequence

from vivavoce.services.bench.turns.script import (
    EXAMPLE,
    HAVE,
    HOW,
    LAST_JOB,
    LIKE,
    MAIL,
    MANY,
    NUMBER,
    TELL,
    WHEN,
    WHERE,
    WHY,
    Kind,
)

HELD_OUT_ANSWERS: Mapping[Kind, Sequence[tuple[str, str]]] = {
    Kind.COMPLETE: (
        (LAST_JOB, "I sold tickets at the central station and helped the tourists."),
        (WHY, "The other offer was better paid but it was too far from home."),
        (TELL, "The printer stopped every hour, so I cleaned it at night and it ran all day."),
        (HOW, "I drew the whole floor on paper and marked the tables that had to move."),
        (EXAMPLE, "In March our driver was sick and I delivered the bread by bicycle."),
        (TELL, "Two of my colleagues did not speak with each other for weeks."),
    ),
    Kind.BRIEF: (
        (HAVE, "Yes, for two years."),
        (MANY, "Around thirty."),
        (WHEN, "On the first of May."),
        (LIKE, "It depends."),
        (WHERE, "From my uncle."),
        (HAVE, "Not yet."),
    ),
    Kind.PAUSED: (
        (TELL, "Our best cook left in the summer [1200] and nobody could replace her."),
        (TELL, "One morning the delivery did not come because [1600] the driver was ill."),
        (LAST_JOB, "I was in charge of the [900] spare parts for three garages."),
        (WHY, "I wanted to learn something new, [700] and my boss agreed."),
        (HOW, "We divided the work into [1400] small pieces for every day."),
        (EXAMPLE, "A customer was angry because the colour was wrong, [1900] so I painted it."),
        (TELL, "During my first winter there [800] the heating failed three times."),
        (WHY, "I trusted the woman who [2200] had built the first one."),
    ),
    Kind.LONG: (
        (
            TELL,
            "We had to move the whole office to another city within two weeks [800] although half "
            "of the people were on holiday.",
        ),
        (
            LAST_JOB,
            "I answered the phone and wrote the letters for a lawyer in the old town, [700] and "
            "on Fridays I did the accounts.",
        ),
        (
            HOW,
            "At first I asked the older colleagues how they had done it before [1000] because "
            "there was no description at all.",
        ),
        (
            EXAMPLE,
            "A school wanted to order its lunches from us but we had no car for that, [900] so I "
            "rented one. [500] They are still our customers.",
        ),
    ),
    Kind.SENTENCES: (
        (TELL, "Somebody had stolen the cash box. [600] I called the police and wrote a list."),
        (LAST_JOB, "I cut hair in a small salon. [450] Most of our guests were students."),
        (HOW, "I counted everything on the shelves. [800] The rest was easy."),
        (EXAMPLE, "A tourist had lost her passport. [350] We found it under the bed."),
        (WHY, "The second road was shorter. [700] It saved us an hour."),
    ),
    Kind.STORY: (
        (
            TELL,
            "The alarm went off at midnight. [700] I checked every door of the building. [900] "
            "There was a cat in the storage room. [600] My boss laughed about it for weeks.",
        ),
        (
            EXAMPLE,
            "We lost the keys of the van. [600] Nobody had a second pair. [800] I called the "
            "garage in the village. [700] They opened it in ten minutes.",
        ),
        (
            HOW,
            "I went to see the other shop. [800] Their kitchen was much smaller. [700] I measured "
            "all the tables there. [1000] In the end we copied their plan.",
        ),
    ),
    Kind.FILLED: (
        (TELL, "So uh [700] one of our lifts was stuck um [1100] with two people inside."),
        (LAST_JOB, "I drove um [900] a bus in the city."),
        (WHY, "Um [600] because it was the only one that we could pay."),
        (EXAMPLE, "We once had uh [1500] a flood in the cellar."),
        (HOW, "I uh I called all of them first."),
    ),
    Kind.SPELLED: (
        (NUMBER, "That would be four four one [600] seven two six [500] zero one nine."),
        (MAIL, "It is peter [500] at green garden [700] dot net."),
        (MANY, "There were forty [600] forty eight of us at the end."),
    ),
    Kind.THINKING: (
        (TELL, "Let me think for a moment. [2600] There was a strike at the harbour."),
        (EXAMPLE, "Hold on. [3000] We once printed the wrong date on every ticket."),
        (WHY, "Give me a second. [2000] I think it was the location."),
    ),
    Kind.SLOW: (
        (LAST_JOB, "I looked after the animals [900] on a farm near the border."),
        (TELL, "The roof was leaking, [800] and the rain did not stop for days."),
        (HOW, "I learned the names of all the guests."),
    ),
}
