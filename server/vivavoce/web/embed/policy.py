"""The headers that decide who may frame an interview and what its page may load."""

from collections.abc import Sequence

from vivavoce.core.embed import ANY_ORIGIN

_CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " media-src 'self' blob:; img-src 'self' data:; font-src 'self'; worker-src 'self';"
    " base-uri 'none'; form-action 'self'"
)
_PERMISSIONS = (
    "microphone=(self), autoplay=(self), screen-wake-lock=(self), fullscreen=(self), camera=(),"
    " geolocation=(), payment=(), usb=()"
)


def frame_headers(allowed_origins: Sequence[str]) -> dict[str, str]:
    """Headers of the frame page; no origins means that nobody may frame it.

    `X-Frame-Options` stays away: it cannot name origins and would contradict `frame-ancestors`.
    """
    ancestors = "*" if ANY_ORIGIN in allowed_origins else " ".join(allowed_origins) or "'none'"
    return {
        "content-security-policy": f"{_CONTENT}; frame-ancestors {ancestors}",
        "permissions-policy": _PERMISSIONS,
        "cross-origin-resource-policy": "cross-origin",
        "referrer-policy": "strict-origin",
        "cache-control": "no-store",
    }
