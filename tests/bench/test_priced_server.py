"""The bench's own server takes as long as it says, over real HTTP, for our real remote engines."""

from pathlib import Path
from time import perf_counter

import pytest
from vivavoce.cli.bench.circumstances import behind
from vivavoce.cli.bench.priced_server import Prices, priced_server
from vivavoce.core.settings import Settings
from vivavoce.engines.select import open_engines

from tests.engines.speaking import said

pytestmark = pytest.mark.anyio


async def test_engines_cost_what_they_are_said_to(tmp_path: Path) -> None:
    from vivavoce.app import engine_choice

    prices = Prices()
    async with priced_server(prices) as url:
        settings = behind(Settings(data=str(tmp_path), models_dir=str(tmp_path)), url)
        async with open_engines(engine_choice(settings)) as engines:
            stream = engines.transcriber.open("s", "en")
            stream.feed(await said("I was here."))
            began = perf_counter()
            await stream.final()
            assert perf_counter() - began >= prices.transcription_ms / 1000
            await stream.close()

            model = engines.language_model
            assert model is not None
            began, times, text = perf_counter(), [], ""
            async for piece in model.generate("s", model.chat_prompt((("user", "hello"),))):
                times.append(perf_counter() - began)
                text += piece
            assert text.startswith("PROBE: ")
            words = len(text.split()) - 2  # the move comes with the first word
            assert times[0] >= prices.first_word_ms / 1000
            assert times[-1] - times[0] >= words / prices.words_per_second * 0.9

            began = perf_counter()
            speech = await engines.synthesizer.synthesize("One two three four.", language="en")
            assert perf_counter() - began >= prices.first_audio_ms / 1000
            assert 1.2 < speech.samples / 24_000 < 1.5
