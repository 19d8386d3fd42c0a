"""A token for one session: what an agent gets that must not hold the organization's secret."""

from datetime import datetime, timedelta

import jwt

from vivavoce.core.errors import Unauthenticated
from vivavoce.services.foundation import Foundation

SESSION_TOKEN_LIFE = timedelta(hours=24)
_TOKEN_TYPE = "vv-session+jwt"  # noqa: S105 (a media type)
_REQUIRED = ["iss", "aud", "sub", "iat", "exp"]


class SessionTokens:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation
        self._secret = foundation.secret_for("session-token")

    def issue(self, session_id: str) -> tuple[str, datetime]:
        """The token, and when it ends."""
        issued_at = self._at.now().replace(microsecond=0)
        expires_at = issued_at + SESSION_TOKEN_LIFE
        claims = {
            "iss": self._at.instance_url,
            "aud": self._at.instance_url,
            "sub": session_id,
            "iat": int(issued_at.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        token = jwt.encode(claims, self._secret, algorithm="HS256", headers={"typ": _TOKEN_TYPE})
        return token, expires_at

    def is_one(self, token: str) -> bool:
        """Whether it claims to be one; nothing is verified yet."""
        try:
            return bool(jwt.get_unverified_header(token).get("typ") == _TOKEN_TYPE)
        except jwt.InvalidTokenError:
            return False

    def verify(self, token: str) -> str:
        """The session that it speaks for. Raises `Unauthenticated` code `session_token`."""
        # The times are compared with the injected clock below.
        options: jwt.types.Options = {
            "require": _REQUIRED,
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        }
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=self._at.instance_url,
                issuer=self._at.instance_url,
                options=options,
            )
        except jwt.InvalidTokenError:
            raise _refused() from None
        expires_at = claims["exp"]
        if not isinstance(expires_at, int) or self._at.now().timestamp() >= expires_at:
            raise _refused()
        return str(claims["sub"])


def _refused() -> Unauthenticated:
    return Unauthenticated("session_token", "The session token is not valid.")
