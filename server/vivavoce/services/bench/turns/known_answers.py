"""The answers that weights and thresholds of the rules were chosen on."""

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

KNOWN_ANSWERS: Mapping[Kind, Sequence[tuple[str, str]]] = {
    Kind.COMPLETE: (
        (LAST_JOB, "I worked in a small bakery for about three years."),
        (WHY, "It was the only way to finish the work before the winter."),
        (TELL, "We lost our biggest customer, so I called them every week until they came back."),
        (HOW, "I wrote a short plan and talked with everybody who was touched by it."),
        (EXAMPLE, "Last year I rebuilt the billing system and the errors dropped by half."),
        (TELL, "The oven broke in the night and we had to bake everything in the shop next door."),
        (LAST_JOB, "I was a driver for a company that sells furniture."),
        (WHY, "My manager wanted a result before the end of the month."),
        (TELL, "Our orders were always late, and I found out that one machine was the reason."),
        (HOW, "First we tried it for one day, and then we did it for the whole shop."),
        (EXAMPLE, "In my second year I trained four new people and two of them stayed."),
        (TELL, "A server failed on a Sunday and I restored the data from the backup."),
    ),
    Kind.BRIEF: (
        (HAVE, "Yes."),
        (MANY, "About twelve people."),
        (WHEN, "Next Monday."),
        (LIKE, "Yes, I do."),
        (WHERE, "In my first job."),
        (HAVE, "No, never."),
        (HAVE, "Yes, I have."),
        (MANY, "Five."),
        (WHEN, "In two weeks."),
        (LIKE, "Most of the time."),
        (WHERE, "At the university."),
        (HAVE, "No."),
    ),
    Kind.PAUSED: (
        (TELL, "The most difficult part was the new machine [1100] because nobody knew it."),
        (TELL, "I remember one day when the power went out and [1500] we baked by hand."),
        (LAST_JOB, "I was responsible for the [900] night shift in the warehouse."),
        (WHY, "It was cheaper, [700] and the old one was very hard to repair."),
        (HOW, "We started with a list of [1300] everything that could go wrong."),
        (EXAMPLE, "My colleague wanted to cancel the order, [1900] but I called the customer."),
        (TELL, "In the second week [800] the whole system went down for a day."),
        (WHY, "We had to decide between [2300] a new building and a second shift."),
        (TELL, "The biggest problem was the old software [1200] which nobody could change."),
        (TELL, "We had a customer who called every day and [1600] asked for his money."),
        (LAST_JOB, "I worked as a [900] technician in a hospital."),
        (WHY, "The team was very small, [700] so we could not do both."),
        (HOW, "I made a plan for [1400] the first three months."),
        (EXAMPLE, "The truck came two hours late, [1900] but we still opened on time."),
        (TELL, "After a few months [800] I was asked to lead the team."),
        (WHY, "There was no difference between [2200] the two machines."),
    ),
    Kind.LONG: (
        (
            TELL,
            "We had a very old machine in the bakery that nobody wanted to touch [800] because it "
            "was the first one that my boss had bought.",
        ),
        (
            LAST_JOB,
            "I was working for a small company that made parts for trucks and buses, [700] and I "
            "was the only one in the office on most days.",
        ),
        (
            HOW,
            "First I talked with the people who did the work every day for years [1000] and then "
            "I made a list of the things they wanted.",
        ),
        (
            EXAMPLE,
            "Last summer we had a customer who ordered three hundred chairs for a wedding, [900] "
            "but he forgot to tell us the date. [500] So I called him every day.",
        ),
        (
            TELL,
            "Our website was down for a whole weekend in the busiest month of the year [800] "
            "because somebody had forgotten to pay the bill.",
        ),
        (
            LAST_JOB,
            "I was taking care of all the machines in a factory that makes paper, [700] and in "
            "the last year I also trained the new people.",
        ),
        (
            HOW,
            "I wrote down every step of the work from the morning to the evening [1000] and after "
            "that we looked for the slow ones.",
        ),
        (
            EXAMPLE,
            "There was a man who came to the shop every day and never bought anything, [900] so "
            "one day I asked him what he needed. [500] He was just lonely.",
        ),
    ),
    Kind.SENTENCES: (
        (TELL, "My own part was small at first. [600] Later I trained the new people."),
        (LAST_JOB, "I worked in a restaurant. [450] We had about forty tables."),
        (HOW, "I looked at the numbers for a month. [800] Then I changed the order of the work."),
        (EXAMPLE, "We had late orders every Monday. [350] I moved the delivery to Sunday."),
        (WHY, "The old way took too long. [700] We lost an hour every day."),
        (TELL, "There was a fire in the kitchen. [600] Nobody was hurt."),
        (LAST_JOB, "I repaired bicycles. [450] In the winter we also sold skis."),
        (HOW, "I asked every person in the team. [800] After that we wrote it down."),
        (EXAMPLE, "A customer wanted his money back. [350] I gave him a new phone."),
        (WHY, "It was the safer choice. [700] Two other shops had the same problem."),
    ),
    Kind.STORY: (
        (
            TELL,
            "We had a leak in the cellar. [700] I turned off the water. [900] Then we carried "
            "everything upstairs. [600] It took the whole night.",
        ),
        (
            EXAMPLE,
            "A guest was waiting for his room. [600] It was not ready. [800] I gave him a coffee "
            "and a newspaper. [700] He came back every year.",
        ),
        (
            HOW,
            "I asked the night shift first. [800] They knew the machines best. [700] Then I wrote "
            "a list of the parts. [1000] We ordered them in May.",
        ),
    ),
    Kind.FILLED: (
        (TELL, "So um [700] we had a problem with the orders um [1200] every Monday morning."),
        (LAST_JOB, "I was um [900] a teacher at a school."),
        (WHY, "Well uh [600] it was a question of money."),
        (EXAMPLE, "There was this um [1500] this one customer who was never happy."),
        (HOW, "We um we made a plan for every week."),
        (TELL, "Well um [700] the new system was very slow uh [1100] in the first week."),
        (LAST_JOB, "I worked as uh [900] an assistant in a bank."),
        (WHY, "So uh [600] we did not have enough time."),
        (EXAMPLE, "We had um [1500] a driver who was always late."),
        (HOW, "I um I wrote a letter to every customer."),
    ),
    Kind.SPELLED: (
        (NUMBER, "It is seven four two [500] nine one three [600] eight eight zero."),
        (MAIL, "It is john dot miller [700] at example dot [500] org."),
        (MANY, "We were twenty [600] twenty five people with the drivers."),
        (NUMBER, "My number is five five one [600] two zero [500] three nine four."),
        (MAIL, "That is anna [500] dot cook at [700] example dot com."),
        (MANY, "I think it was thirty [700] thirty two in the summer."),
    ),
    Kind.THINKING: (
        (TELL, "Let me think. [2600] We once had a problem with a delivery."),
        (EXAMPLE, "Good question. Give me a second. [3000] We lost a whole day of orders."),
        (WHY, "Hmm, let me think about that. [2000] It was the price."),
        (TELL, "Let me think about it. [2600] There was a problem with the heating."),
        (EXAMPLE, "One moment please. [3000] We had to close the shop for a week."),
        (WHY, "Let me see. [2000] It was faster than the old one."),
    ),
    Kind.SLOW: (
        (LAST_JOB, "I worked in the kitchen of a big hotel [900] for almost ten years."),
        (TELL, "One of our machines was broken, [800] and we could not find the reason."),
        (HOW, "We talked about it every morning."),
        (LAST_JOB, "I took care of the garden [900] of a large hospital."),
        (TELL, "The new people did not know the work, [800] so I wrote it down for them."),
        (HOW, "I did one thing after the other."),
    ),
}
