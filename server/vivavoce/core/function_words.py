"""The small words of each language: after some of them a sentence cannot be over."""

from collections.abc import Mapping
from dataclasses import dataclass

from vivavoce.core.function_word_tables import WORD_ROWS


@dataclass(frozen=True, slots=True)
class FunctionWords:
    conjunctions: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()  # pronouns that ask for a verb
    auxiliaries: frozenset[str] = frozenset()  # verbs that ask for more
    fillers: frozenset[str] = frozenset()
    numerals: frozenset[str] = frozenset()

    @property
    def starts_of_phrases(self) -> frozenset[str]:
        return self.conjunctions | self.prepositions

    @property
    def leans_on_the_next(self) -> frozenset[str]:
        return self.conjunctions | self.prepositions | self.determiners


NONE_KNOWN = FunctionWords()


def function_words(language: str) -> FunctionWords:
    """The table of `language` (`en`, `pt-BR` ...); an empty one for a language without."""
    return FUNCTION_WORDS.get(language_root(language), NONE_KNOWN)


def language_root(language: str) -> str:
    """A language tag without its region; `br` is the platform's code for Brazilian Portuguese."""
    root = language.lower().replace("_", "-").split("-")[0]
    return "pt" if root == "br" else root


def word_set(*lines: str) -> frozenset[str]:
    """All words of the lines, which are split at white space."""
    return frozenset(word for line in lines for word in line.split())


def _surest(language: str) -> FunctionWords:
    conjunctions, determiners, prepositions, fillers = map(word_set, WORD_ROWS[language])
    return FunctionWords(conjunctions, determiners, prepositions, fillers=fillers)


FUNCTION_WORDS: Mapping[str, FunctionWords] = {
    **{language: _surest(language) for language in WORD_ROWS},
    "en": FunctionWords(
        conjunctions=word_set(
            "and or but because so that when where which who whose while if then than before until",
            "since although though whether unless whereas nor plus cause cuz as like how why what",
            "after once except instead",
        ),
        determiners=word_set(
            "a an the my your our their his her its this these those every each some any no both",
            "very really quite such another other own more most",
        ),
        prepositions=word_set(
            "to of in on at by for from with without into onto about through during between among",
            "across against within over under inside outside via per upon toward towards behind",
            "beyond despite around near off",
        ),
        subjects=word_set("i we they he she i'm we're they're it's there's that's i've we've i'd"),
        auxiliaries=word_set(
            "is are was were am be been has have had do does did will would can could should might",
            "may must wasn't weren't isn't aren't didn't don't doesn't couldn't wouldn't can't",
            "gonna wanna want wanted need needed try tried trying called went got let's",
        ),
        fillers=word_set("um uh uhm umm uhh er erm hmm mm hm ah eh basically actually well"),
        numerals=word_set(
            "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
            "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty",
            "ninety hundred thousand million billion point dot",
        ),
    ),
    "de": FunctionWords(
        conjunctions=word_set(
            "und oder aber weil dass daß wenn wo während nachdem bevor bis denn sondern obwohl",
            "damit also ob als wie warum sodass dann welche welcher welches",
        ),
        determiners=word_set(
            "der die das den dem des ein eine einen einem einer eines mein meine unser unsere ihr",
            "ihre sein seine dieser diese dieses jeder jede kein keine sehr",
        ),
        prepositions=word_set(
            "zu im am an auf in mit ohne über für aus von vom zum zur bei beim nach um durch gegen",
            "unter zwischen vor seit wegen trotz ins ans",
        ),
        subjects=word_set("ich wir sie er man"),
        auxiliaries=word_set("ist sind war waren habe haben hatte hatten wird werden wurde kann"),
        fillers=word_set("äh ähm öh öhm hm hmm ehm tja naja halt sozusagen quasi"),
        numerals=word_set("zwei drei vier fünf sechs sieben acht neun zehn zwanzig komma"),
    ),
    "fr": FunctionWords(
        conjunctions=word_set(
            "et ou mais parce que quand où pendant puis donc car si lorsque puisque comme comment",
            "pourquoi qui dont alors",
        ),
        determiners=word_set(
            "le la les un une des du au aux mon ma mes notre nos votre vos leur leurs son sa ses",
            "ce cette ces chaque plusieurs très",
        ),
        prepositions=word_set(
            "de à en dans avec sans pour par sur sous entre vers chez contre depuis avant après d"
        ),
        subjects=word_set("je j'ai nous on ils elles il elle c'est c'était"),
        auxiliaries=word_set("est sont était étaient ai avons ont a avait suis peut doit fait"),
        fillers=word_set("euh heu hum hmm bah ben bon enfin genre"),
        numerals=word_set("deux trois quatre cinq six sept huit neuf dix vingt trente virgule"),
    ),
    "es": FunctionWords(
        conjunctions=word_set(
            "y e o u pero porque que cuando donde mientras si aunque como cómo pues sino entonces",
            "quien cual",
        ),
        determiners=word_set(
            "el la los las un una unos unas mi mis nuestro nuestra su sus este esta estos estas",
            "cada muy otro otra del al",
        ),
        prepositions=word_set(
            "de a en con sin para por sobre entre hacia hasta desde durante contra según tras"
        ),
        subjects=word_set("yo nosotros ellos ellas él ella"),
        auxiliaries=word_set("es son era eran está estaba fue he hemos ha han había puede tengo"),
        fillers=word_set("eh em este esto mmm pues bueno osea"),
        numerals=word_set("dos tres cuatro cinco seis siete ocho nueve diez veinte treinta coma"),
    ),
    "it": FunctionWords(
        conjunctions=word_set(
            "e ed o ma perché che quando dove mentre se anche come quindi oppure però poi cui"
        ),
        determiners=word_set(
            "il lo la i gli le un uno una mio mia nostro nostra suo sua questo questa ogni molto",
            "del della dei delle al alla nel nella dal dalla sul sulla",
        ),
        prepositions=word_set("di a da in con su per tra fra senza verso durante dopo prima"),
        subjects=word_set("io noi loro lui lei"),
        auxiliaries=word_set("è sono era erano ho abbiamo ha hanno aveva può devo stavo"),
        fillers=word_set("ehm eh mmm cioè allora beh insomma"),
        numerals=word_set("due tre quattro cinque sei sette otto nove dieci venti virgola"),
    ),
    "nl": FunctionWords(
        conjunctions=word_set(
            "en of maar omdat dat wanneer waar terwijl nadat voordat als dus want hoewel hoe",
            "toen zodat die wat waarom",
        ),
        determiners=word_set("de het een mijn onze ons hun zijn haar deze dit elke geen heel erg"),
        prepositions=word_set(
            "van op in te om aan met voor zonder bij uit naar door over onder tussen tegen tijdens"
        ),
        subjects=word_set("ik wij we ze zij hij"),
        auxiliaries=word_set("is was waren heb hebben had hadden wordt werd kan moet wilde"),
        fillers=word_set("eh uh ehm uhm hm hmm nou zeg"),
        numerals=word_set("twee drie vier vijf zes zeven acht negen tien twintig komma"),
    ),
    "pt": FunctionWords(
        conjunctions=word_set(
            "e ou mas porque que quando onde enquanto se embora como então pois quem qual"
        ),
        determiners=word_set(
            "o a os as um uma uns umas meu minha nosso nossa seu sua este esta cada muito",
            "do da dos das no na nos nas ao à pelo pela",
        ),
        prepositions=word_set("de em com sem para por sobre entre até desde durante contra após"),
        subjects=word_set("eu nós eles elas ele ela"),
        auxiliaries=word_set("é são era eram está estava foi tenho temos tem têm tinha pode"),
        fillers=word_set("é hum hmm ahn tipo bom né"),
        numerals=word_set("dois três quatro cinco seis sete oito nove dez vinte trinta vírgula"),
    ),
}
