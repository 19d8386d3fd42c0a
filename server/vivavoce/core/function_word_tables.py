# ruff: noqa: RUF001 (letters of other scripts belong here)
"""Small words of the languages for which only the surest are known, by language.

Each row has conjunctions, determiners, prepositions and fillers: words after which nobody stops.
What also ends sentences ("on", "too", a postposition) is left out, for a wrong word costs the
speaker a second. Where words are not spaced, an utterance is compared by how it ends.
"""

from collections.abc import Mapping

WordRow = tuple[str, str, str, str]

WORD_ROWS: Mapping[str, WordRow] = {
    "ar": (
        "و أو او لكن ولكن لأن لان حيث عندما بينما إذا اذا ثم بل حتى أن إن الذي التي الذين",
        "هذا هذه ذلك تلك كل أي بعض",
        "في من إلى الى على عن مع بدون خلال بين قبل بعد عند منذ",
        "امم اممم آآ يعني",
    ),
    "bg": (
        "и или но а че защото когато докато ако който която което които където обаче",
        "моят моята нашият нашата този тази това тези всеки всяка един една едно",
        "в във на с със за от до по при без към между през след преди под над около",
        "ами ъъ ъм ммм",
    ),
    "cs": (
        "a i nebo ale protože že když pokud kde který která které aby jestli ačkoli zatímco než",
        "můj moje náš naše tento tato toto každý každá nějaký nějaká",
        "v ve na s se z ze do od po pro při bez k ke o u mezi přes před nad pod během",
        "ehm ehmm hmm no",
    ),
    "da": (
        "og eller men fordi at når hvis hvor mens som der hvilken selvom siden samt",
        "en et min mit mine vores hans hendes deres denne dette disse hver ingen",
        "af til fra med uden ved hos mellem gennem under mod efter inden omkring",
        "øh øhm hmm altså",
    ),
    "el": (
        "και ή αλλά γιατί επειδή ότι όταν αν ενώ όπου που ώστε αφού καθώς όμως",
        "ο η το οι τα τον την του της των τους τις ένας μία μια ένα κάθε αυτός",
        "σε με από για προς χωρίς μέχρι κατά μετά πριν στο στη στην στον στα στις στους",
        "εεε εμμ χμμ",
    ),
    "fi": (
        "ja tai mutta koska että kun jos jossa joka jotka vaikka sekä eli kuin kunnes",
        "minun meidän hänen heidän tämä tämän nämä jokainen eräs",
        "ilman ennen noin kohti pitkin",
        "öö ööö hmm tota niinku",
    ),
    "fil": (
        "at o pero dahil kasi kapag kung habang upang para bagaman kaya ngunit",
        "ang mga si sina ni nina isang bawat aking ating",
        "sa ng kay kina mula tungkol hanggang noong",
        "ano ahm hmm",
    ),
    "hi": (
        "और या लेकिन मगर क्योंकि कि जब अगर जहाँ जहां जो ताकि हालाँकि तथा इसलिए",
        "मेरा मेरी मेरे हमारा हमारी हमारे यह ये हर कोई एक",
        "के की का",
        "उम अम मतलब",
    ),
    "hr": (
        "i ili ali jer da kada kad ako gdje dok koji koja koje iako nego zato",
        "moj moja naš naša ovaj ova ovo taj svaki svaka neki neka",
        "u na s sa za od do iz po pri bez k prema između kroz prije poslije tijekom",
        "ovaj hmm ehm mislim",
    ),
    "hu": (
        "és vagy de mert hogy amikor ha ahol amíg aki ami amely bár illetve valamint",
        "a az egy ez ezek minden",
        "",
        "ööö hmm izé szóval",
    ),
    "id": (
        "dan atau tetapi tapi karena bahwa ketika jika kalau sambil yang sehingga supaya meskipun",
        "sebuah seorang para setiap beberapa",
        "di ke dari dengan untuk pada tanpa oleh tentang antara sampai selama sejak dalam",
        "eee hmm anu",
    ),
    "ja": (
        "そして または しかし なぜなら それで つまり それから あと という",
        "この その あの うちの",
        "について に を が は の へ より",
        "えーと えっと あのー うーん ええと",
    ),
    "ko": (
        "그리고 또는 하지만 그런데 왜냐하면 그래서 그러나 만약 및",
        "이 그 저 우리 제 내 모든 어떤",
        "",
        "음 어 저기 그러니까",
    ),
    "ms": (
        "dan atau tetapi tapi kerana bahawa apabila jika kalau sambil yang supaya walaupun",
        "sebuah seorang para setiap beberapa",
        "di ke dari dengan untuk pada tanpa oleh tentang antara sampai selama sejak dalam",
        "eee hmm",
    ),
    "no": (
        "og eller men fordi at når hvis hvor mens som hvilken selv siden samt",
        "en et ei min mitt mine vår vårt våre hans hennes deres denne dette disse hver ingen",
        "av til fra med uten ved hos mellom gjennom under mot etter innen omkring",
        "øh eh ehm hmm altså",
    ),
    "pl": (
        "i oraz lub albo ale bo ponieważ że kiedy gdy jeśli gdzie który która które aby żeby choć",
        "mój moja nasz nasza ten ta każdy każda jakiś jakaś",
        "w we na z ze do od po dla przy bez o u między przez przed nad pod podczas",
        "eee yyy hmm no",
    ),
    "ro": (
        "și sau dar pentru că când dacă unde care deși iar însă fiindcă deoarece încât",
        "un o al ai ale acest această aceste fiecare niște",
        "în la cu de pe din prin fără până între către despre după",
        "ăăă îîî hmm deci",
    ),
    "ru": (
        "и или но а что чтобы потому когда если где который которая которые хотя пока либо",
        "мой моя мои наш наша наши этот эта эти каждый каждая",
        "в во на с со за из до от по для при без к ко о об у между через перед над под",
        "эм ээ ммм ну значит",
    ),
    "sk": (
        "a i alebo ale pretože že keď ak kde ktorý ktorá ktoré aby či hoci zatiaľ než",
        "môj moja náš naša tento táto toto každý každá nejaký nejaká",
        "v vo na s so z zo do od po pre pri bez k ku o u medzi cez pred nad pod počas",
        "ehm hmm no",
    ),
    "sv": (
        "och eller men eftersom att när om där medan som vilken fast samt så",
        "en ett min mitt mina vår vårt våra hans hennes deras denna detta dessa varje ingen",
        "av till från med utan vid hos mellan genom under mot efter innan kring",
        "öh eh ehm hmm alltså",
    ),
    "ta": (
        "மற்றும் அல்லது ஆனால் ஏனெனில் ஏனென்றால் அதனால் எனவே",
        "ஒரு இந்த அந்த என் எங்கள் ஒவ்வொரு",
        "",
        "ம்ம் அதாவது",
    ),
    "th": (
        "และ หรือ แต่ เพราะ ว่า ซึ่ง ถ้า เมื่อ ขณะที่ โดยที่",
        "ทุก",
        "ของ กับ ใน จาก โดย ระหว่าง",
        "เอ่อ อืม",
    ),
    "tr": (
        "ve veya ama fakat çünkü ki eğer ancak yani hem ya oysa",
        "bir bu şu her bazı benim bizim",
        "",
        "şey ııı eee hmm",
    ),
    "uk": (
        "і й та або але а що щоб бо тому коли якщо де який яка які хоча поки",
        "мій моя мої наш наша наші цей ця ці кожен кожна",
        "в у на з із зі за до від по для при без к о об між через перед над під",
        "ем еее ммм ну",
    ),
    "vi": (
        "và hoặc nhưng vì bởi khi nếu mà rằng thì để tuy nên còn",
        "một những các mỗi mọi",
        "của với từ tại trong cho về bằng giữa đến",
        "ờ ừm à",
    ),
    "zh": (
        "和 跟 或者 但是 可是 因为 所以 而且 如果 虽然 然后 还有 以及 比如 不过 那么",
        "这个 那个 一个 我们的 我的 每个",
        "对于 关于 从 把 被 为了 通过",
        "嗯 呃 那个",
    ),
}
