"""Embed keys: which sites may show an interview, and the secrets that sign their links."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from vivavoce.core.api_keys import KeyMode
from vivavoce.core.embed import ANY_ORIGIN, EMBED_ID, EmbedKey, parse_origin
from vivavoce.core.errors import NotFound
from vivavoce.core.revisions import require_revision
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation
from vivavoce.services.ownership import own_template

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

    async def create_own(
        self,
        organization_id: str,
        template_id: str,
        allowed_origins: Sequence[str] = (),
        mode: KeyMode = KeyMode.LIVE,
    ) -> EmbedKey:
        """Raises `NotFound` code `template_not_found`."""
        async with self._at.stores.transaction() as write:
            await own_template(write, organization_id, template_id)
            return await self.add(write, template_id, allowed_origins, mode)

    async def own(self, organization_id: str, embed_id: str) -> EmbedKey:
        """Raises `NotFound` code `embed_not_found`, also for a revoked one."""
        return _require_own(await self.get(embed_id), organization_id)

    async def page(
        self, organization_id: str, template_id: str | None, page: int, page_size: int
    ) -> tuple[tuple[EmbedKey, ...], int]:
        """One page of those that are not revoked, newest first, and how many there are; `None` is
        any template.
        """
        embeds = self._at.stores.read.embeds
        total = await embeds.count(organization_id, template_id)
        found = await embeds.page(organization_id, template_id, (page - 1) * page_size, page_size)
        return found, total

    async def allow(
        self,
        organization_id: str,
        embed_id: str,
        seen: frozenset[int] | None,
        allowed_origins: Sequence[str],
    ) -> EmbedKey:
        """Raises `Conflict` code `changed_meanwhile`; no origins means any site."""
        origins = tuple(dict.fromkeys(parse_origin(origin) for origin in allowed_origins))
        async with self._at.stores.transaction() as write:
            key = await self._live(write, organization_id, embed_id)
            require_revision(key.revision, seen)
            changed = replace(
                key, allowed_origins=origins or (ANY_ORIGIN,), revision=key.revision + 1
            )
            await write.embeds.change(changed)
        return changed

    async def revoke(
        self, organization_id: str, embed_id: str, seen: frozenset[int] | None
    ) -> None:
        """None of its links opens an interview any more; sessions that exist go on."""
        async with self._at.stores.transaction() as write:
            key = await self._live(write, organization_id, embed_id)
            require_revision(key.revision, seen)
            await write.embeds.change(
                replace(key, revoked_at=self._at.now(), revision=key.revision + 1)
            )

    async def rotate(self, organization_id: str, embed_id: str) -> str:
        """A new signing key; the one before it stays valid until the next rotation."""
        secret = _signing_key()
        async with self._at.stores.transaction() as write:
            key = await self._live(write, organization_id, embed_id)
            await write.embeds.add_secret(embed_id, secret, self._at.now())
            await write.embeds.change(replace(key, revision=key.revision + 1))
        return secret

    async def _live(self, write: Tables, organization_id: str, embed_id: str) -> EmbedKey:
        key = await write.embeds.get(embed_id)
        if key is None or key.revoked_at is not None:
            raise _unknown()
        return _require_own(key, organization_id)

    async def get(self, embed_id: str) -> EmbedKey:
        """Raises `NotFound` code `embed_not_found`, also for a revoked one."""
        key = None
        if EMBED_ID.fullmatch(embed_id):
            key = await self._at.stores.read.embeds.get(embed_id)
        if key is None or key.revoked_at is not None:
            raise _unknown()
        return key


def _require_own(key: EmbedKey, organization_id: str) -> EmbedKey:
    if key.organization_id != organization_id:
        raise _unknown()
    return key


def _signing_key() -> str:
    return "vvsk_" + secrets.token_urlsafe(_SIGNING_KEY_BYTES)


def _unknown() -> NotFound:
    return NotFound("embed_not_found", "This embed does not exist.")
