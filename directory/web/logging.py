"""One line per request, and one per failure. Neither holds a query string, a body, a token or a free word.

An address is written as its route (`/search/<token>`), a client as its network (/24, /48), an error as its type and
the places it passed through: messages of errors may quote what people typed.
"""

import ipaddress
import logging
import secrets
import sys
import time
import traceback
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, request

_UNKNOWN_ROUTE = "(no route)"


def configure_logging() -> None:
    """JSON lines on standard error, for every part of the product."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        # Standard error is looked up for each line, as whoever runs us may exchange it.
        logger_factory=lambda *_args: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # `gunicorn wsgi:app` brings its own log, which quotes requests; ours (cli/serving.py) does not pass through here.
    gunicorn = logging.getLogger("gunicorn.error")
    gunicorn.setLevel(logging.ERROR)
    if _without_requests not in gunicorn.filters:
        gunicorn.addFilter(_without_requests)


def _without_requests(record: logging.LogRecord) -> bool:
    """Keep errors alone, whatever level gunicorn sets later on, and of those about a request only their type."""
    if str(record.msg).startswith(("Error handling request", "Socket error processing request")):
        error = record.exc_info[0].__qualname__ if record.exc_info and record.exc_info[0] else ""
        record.msg, record.args, record.exc_info = f"Error handling a request: {error}", (), None
    return record.levelno >= logging.ERROR


# Whatever else stands there was made up, and may be anything.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})


def init_request_log(app: Flask) -> None:
    """Number each request, and log it when it has been answered."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def log(response: Response) -> Response:
        began: float = g.get("began", time.perf_counter())
        structlog.get_logger().info(
            "request",
            request_id=request_id(),
            method=request.method if request.method in _METHODS else "OTHER",
            route=request.url_rule.rule if request.url_rule else _UNKNOWN_ROUTE,
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
            client=truncated_address(request.remote_addr),
        )
        response.headers["X-Request-Id"] = request_id()
        return response


def request_id() -> str:
    """What this request is called in the log, and on the page that says that something went wrong."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    number: str = g.request_id
    return number


def log_failure(error: BaseException) -> None:
    """Log an error that nobody expected: its type and where it came from, never its message."""
    structlog.get_logger().error("failure", **describe_failure(error), request_id=request_id())


def describe_failure(error: BaseException) -> dict[str, Any]:
    """The type of `error` and of its causes, and the file, line and function of each step."""
    causes: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < 10:
        causes.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        cause = cause.__cause__ or cause.__context__
    return {"error": causes[0], "causes": causes[1:], "steps": _steps(error.__traceback__)}


def _steps(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def truncated_address(address: str | None) -> str:
    """The network a client is in: /24 of an IPv4 address, /48 of an IPv6 one; empty when it has none."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
