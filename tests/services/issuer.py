"""Another issuer of tokens: signs them, and publishes its keys as the test wants it."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as new_rsa_key
from jwt.algorithms import get_default_algorithms
from vivavoce.core.errors import EngineFailure
from vivavoce.core.outside_issuer import TrustedIssuer
from vivavoce.services.outside_tokens import OutsideIssuer

ISSUER = "https://id.lantern.test/"
AUDIENCE = "https://interviews.test"


@cache
def private_key(algorithm: str, number: int = 0) -> Any:  # noqa: ANN401
    """One for each algorithm and number, made once."""
    match algorithm:
        case "ES256":
            return new_ec_key(SECP256R1())
        case "EdDSA":
            return Ed25519PrivateKey.generate()
        case _:
            return new_rsa_key(65537, 1024 if number < 0 else 2048)


def public_key(kid: str, algorithm: str, number: int = 0) -> dict[str, Any]:
    key = private_key(algorithm, number).public_key()
    made: Any = get_default_algorithms()[algorithm].to_jwk(key)
    return {**json.loads(made), "kid": kid, "use": "sig", "alg": algorithm}


@dataclass
class Issuer:
    """A `ports.key_sets.KeySetSource`."""

    keys: list[dict[str, Any]] = field(default_factory=lambda: [public_key("one", "RS256")])
    published: bytes | None = None  # instead of the keys
    reachable: bool = True
    fetched: int = 0

    async def fetch(self) -> bytes:
        self.fetched += 1
        if not self.reachable:
            raise EngineFailure("key_set", "unreachable")
        return self.published or json.dumps({"keys": self.keys}).encode()

    @property
    def trusted(self) -> OutsideIssuer:
        return OutsideIssuer(TrustedIssuer(ISSUER, AUDIENCE), self)


def claims(now: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Good ones; a change to None removes the claim."""
    made = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "kim",
        "iat": now,
        "exp": now + 300,
        "organization": "lantern-works",
        "role": "recruiter",
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def signed(
    made: dict[str, Any], algorithm: str = "RS256", kid: str | None = "one", number: int = 0
) -> str:
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(made, private_key(algorithm, number), algorithm, headers)
