"""Serving the application with gunicorn, told what to do by the program rather than by a file."""

import ipaddress
import logging
import os
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from directory.common.errors import RefusedError
from directory.extensions import Database

BACKLOG = 512
THREADS_PER_WORKER = 4
# A request answers within milliseconds; what takes this long hangs.
TIMEOUT_SECONDS = 30
GRACEFUL_SECONDS = 10
KEEP_ALIVE_SECONDS = 5
MEMORY_FOLDER = "/dev/shm"  # noqa: S108 - only used when there; the heartbeat files in it hold nothing


class ServerLog(Logger):  # type: ignore[misc]
    """Gunicorn's messages as JSON lines. Its own access log, and any message that quotes a request, is dropped.

    The application logs each request itself, without query strings and with truncated addresses (firewall, rule 9).
    """

    def setup(self, cfg: Any) -> None:
        """Send gunicorn's messages nowhere but through this class."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.handlers = [logging.NullHandler()]
        self.access_log.handlers = [logging.NullHandler()]

    def access(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing: the application logs its requests."""

    def info(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing: that workers start and end as they should is no news."""

    def debug(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing."""

    def warning(self, msg: Any, *args: Any, **_kwargs: Any) -> None:
        """What gunicorn warns of."""
        structlog.get_logger().warning(_message(msg, args))

    def error(self, msg: Any, *args: Any, **_kwargs: Any) -> None:
        """What went wrong in gunicorn."""
        structlog.get_logger().error(_message(msg, args))

    def critical(self, msg: Any, *args: Any, **_kwargs: Any) -> None:
        """What ends a worker."""
        structlog.get_logger().error(_message(msg, args))

    def exception(self, *_args: Any, **_kwargs: Any) -> None:
        """An error that reached gunicorn: its type and place, for its message may quote the request."""
        error = sys.exception()
        steps = traceback.extract_tb(error.__traceback__) if error else []
        structlog.get_logger().error(
            "failure",
            error=type(error).__qualname__,
            steps=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in steps],
        )


def _message(message: Any, args: tuple[Any, ...]) -> str:
    # Messages about requests are put together before they get here; those with arguments speak of workers and signals.
    if str(message).startswith("Invalid request"):
        return "unreadable request"
    return str(message) % args if args else str(message)


@dataclass(frozen=True, slots=True)
class Server:
    """What to serve, where and how. `announce` is called once, when requests are being answered."""

    application: Flask
    listener: socket.socket
    workers: int
    announce: Callable[[], None]

    def run(self) -> None:
        """Serve until told to stop; requests under way are then answered first. Does not return."""
        _Gunicorn(self).run()


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    def __init__(self, server: Server) -> None:
        self._server = server
        super().__init__()

    def load_config(self) -> None:
        # A duplicate, for gunicorn closes the number that it is given.
        descriptor = os.dup(self._server.listener.fileno())
        self._server.listener.close()
        values: dict[str, Any] = {
            "bind": f"fd://{descriptor}",
            "workers": self._server.workers,
            "worker_class": "gthread",
            "threads": THREADS_PER_WORKER,
            "timeout": TIMEOUT_SECONDS,
            "graceful_timeout": GRACEFUL_SECONDS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "logger_class": ServerLog,
            "accesslog": None,
            "control_socket_disable": True,
            "preload_app": True,
            "post_fork": self._forget_connections,
            "when_ready": lambda _arbiter: self._server.announce(),
        }
        if os.path.isdir(MEMORY_FOLDER):
            values["worker_tmp_dir"] = MEMORY_FOLDER
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._server.application

    def _forget_connections(self, _arbiter: Any, _worker: Any) -> None:
        # A connection shared by two processes ends in nonsense: each worker opens its own.
        database: Database = self._server.application.extensions["database"]
        database.engine.dispose(close=False)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port` (0: any free one).

    Raises RefusedError in a sentence: the port is taken, or the host has no such address.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise RefusedError(f"{host!r} is no address to listen on: {error.strerror}.") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise RefusedError(f"Cannot listen on {host} port {port}: {os.strerror(error.errno or 0).lower()}.") from error
    return listener


def is_loopback(host: str) -> bool:
    """Whether `host` can be reached from this machine alone, whichever of its addresses is used."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback for *_, address in found)


def address_of(listener: socket.socket, host: str) -> str:
    """The address to type into a browser."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}"
