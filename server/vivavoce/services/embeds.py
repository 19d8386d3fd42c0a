"""Embed keys: which sites may show an interview, and the secrets that sign their links."""

import secrets
from collections.abc import Sequence

from vivavoce.core.api_keys import KeyMode
from vivavoce.core.embed import ANY_ORIGIN, EMBED_ID, EmbedKey, parse_origin
from vivavoce.core.errors import NotFound
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation

_ID_BYTES = 18
_SIGNING_KEY_BYTES = 32


class Embeds:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def create_embed(
        self,
        template_id: str,
        allowed_origins: Sequence[str] = (),
        mode: KeyMode = KeyMode.LIVE,
    ) -> EmbedKey:
        """No origins means any site; its links must be signed all the same."""
        async with self._at.stores.transaction() as write:
            return await self.add(write, template_id, allowed_origins, mode)

    async def add(
        self,
        write: Tables,
        template_id: str,
        allowed_origins: Sequence[str] = (),
        mode: KeyMode = KeyMode.LIVE,
    ) -> EmbedKey:
        """As `create_embed`, inside the caller's transaction."""
        stored = await write.templates.get(template_id)
        if stored is None:
            raise NotFound("template_not_found", "This template does not exist.")
        origins = tuple(dict.fromkeys(parse_origin(origin) for origin in allowed_origins))
        key = EmbedKey(
            id=f"emb_{mode}_" + secrets.token_urlsafe(_ID_BYTES),
            organization_id=stored.organization_id,
            template_id=template_id,
            mode=mode,
            allowed_origins=origins or (ANY_ORIGIN,),
            signing_keys=(_signing_key(),),
            created_at=self._at.now(),
        )
        await write.embeds.add(key)
        return key

    async def rotate(self, organization_id: str, embed_id: str) -> str:
        """A new signing key; the one before it stays valid until the next rotation."""
        key = await self.get(embed_id)
        if key.organization_id != organization_id:
            raise _unknown()
        secret = _signing_key()
        async with self._at.stores.transaction() as write:
            await write.embeds.add_secret(embed_id, secret, self._at.now())
        return secret

    async def get(self, embed_id: str) -> EmbedKey:
        """Raises `NotFound` code `embed_not_found`, also for a revoked one."""
        key = None
        if EMBED_ID.fullmatch(embed_id):
            key = await self._at.stores.read.embeds.get(embed_id)
        if key is None or key.revoked_at is not None:
            raise _unknown()
        return key


def _signing_key() -> str:
    return "vvsk_" + secrets.token_urlsafe(_SIGNING_KEY_BYTES)


def _unknown() -> NotFound:
    return NotFound("embed_not_found", "This embed does not exist.")
