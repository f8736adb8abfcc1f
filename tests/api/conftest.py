"""What every API test needs: a token, and a client that sends JSON with it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.accounts.permissions import Scope
from directory.accounts.tokens import issue_token
from tests import factories

Call = Callable[..., TestResponse]


@pytest.fixture
def token(session: Session, now: datetime) -> Callable[..., str]:
    """Issues tokens: `token()` for an officer with both scopes, or another role and scopes."""

    def issue(role: str = "officer", scopes: Iterable[Scope] = (Scope.SEARCH, Scope.AVAILABILITY)) -> str:
        return issue_token(session, factories.user(session, role), list(scopes), now)

    return issue


@pytest.fixture
def call(app: Flask, token: Callable[..., str]) -> Call:
    """Sends a request with an officer's token, or with `bearer`; checks what holds for every answer of the API."""
    client = app.test_client()
    usual: list[str] = []

    def send(method: str, path: str, *, bearer: str | None = None, **options: Any) -> TestResponse:
        if bearer is None:
            usual.append(token()) if not usual else None
            bearer = usual[0]
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        response = client.open(path, method=method, headers=headers | options.pop("headers", {}), **options)
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers
        if response.status_code >= 400:
            problem = response.get_json()
            assert response.mimetype == "application/problem+json"
            assert set(problem) - {"next_best"} == {"type", "title", "status", "detail", "errors"}
            assert problem["status"] == response.status_code
        return response

    return send
