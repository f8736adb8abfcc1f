"""What every response tells browsers and caches not to do."""

import ipaddress
import secrets

from flask import Flask, Response, abort, g, request

from directory.config import Settings

MAX_BODY_BYTES = 256 * 1024

_FIXED_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope"),
            *("hid", "local-fonts", "magnetometer", "microphone", "midi", "payment", "serial", "usb"),
        )
    ),
}


def csp_nonce() -> str:
    """The word that a script of this response must carry to be run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def content_security_policy(nonce: str) -> str:
    """The policy of one response: nothing but our own style sheet, images and the scripts that carry `nonce`."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def init_security(app: Flask, settings: Settings) -> None:
    """Set the headers of every response, and refuse what another site's page makes a browser send."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES

    @app.before_request
    def refuse_strangers() -> None:
        # A demonstration needs no secret and has known accounts: it answers this machine alone, whatever serves it.
        if not settings.is_production and not _is_this_machine(request.remote_addr):
            abort(403)

    @app.before_request
    def refuse_other_sites() -> None:
        # Browsers say where a request was made. With the form's own token this is the second lock on the same door.
        unsafe = request.method not in {"GET", "HEAD", "OPTIONS"}
        if unsafe and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            abort(403)

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in _FIXED_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", content_security_policy(csp_nonce()))
        # Pages show who is asking and hold form tokens: no copy of them stays on a shared computer.
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.is_production:
            response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        return response


def _is_this_machine(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return not address  # a socket of this machine has no address
