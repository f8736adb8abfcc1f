"""How pages become HTML: Jinja with the GOV.UK macros, and a page's dataclass as all that its template sees."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol

from flask import Flask, Response, current_app, get_flashed_messages, make_response, render_template
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from directory.paths import TEMPLATES
from directory.web import current
from directory.web.assets import asset_url
from directory.web.filters import FILTERS
from directory.web.forms import choice_items, error_list, first_error
from directory.web.navigation import NavigationItem, navigation
from directory.web.security import csp_nonce

SERVICE_NAME = "Specialist support directory"


class Page(Protocol):
    """A page's own dataclass: its fields, and nothing else, are what the template named by `template` may show."""

    template: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands around every page. Templates see it as `layout`."""

    service_name: str
    navigation: list[NavigationItem]
    person_name: str | None
    is_demo: bool
    exit_url: str
    csp_nonce: str
    csrf_token: str
    notices: list[str]
    style_url: str
    script_url: str
    icon_url: str
    manifest_url: str


def init_rendering(app: Flask) -> None:
    """Set Jinja up. Call it after the libraries that add things to templates: it takes those out again."""
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(TEMPLATES),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    environment = app.jinja_env
    environment.filters.update(FILTERS)
    environment.filters.update(combine=_combine)
    environment.filters.update(error_list=error_list, first_error=first_error, choice_items=choice_items)
    # The macros, ported from Nunjucks, compare with these two words.
    environment.globals.update(undefined=ChainableUndefined(name="undefined"), null=None)
    for name in ("config", "g", "request", "session", "get_flashed_messages", "csrf_token"):
        environment.globals.pop(name, None)
    # Flask and the sign-in library would show templates the request, the session and the account.
    app.template_context_processors[None][:] = [_layout]


def render(page: Page, status: int | None = None) -> Response:
    """The page as a response: 422 when it holds a form with errors, unless `status` says otherwise, else 200."""
    context = {item.name: getattr(page, item.name) for item in fields(page)}
    if status is None:
        form = context.get("form")
        status = 422 if isinstance(form, FlaskForm) and form.errors else 200
    return make_response(render_template(page.template, **context), status)


def _combine(options: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """A component's options with others added or put in their place."""
    return options | others


def _layout() -> dict[str, Layout]:
    person = current.person()
    settings = current.settings()
    return {
        "layout": Layout(
            service_name=SERVICE_NAME,
            navigation=navigation(person),
            person_name=person.name if person else None,
            is_demo=not settings.is_production,
            exit_url=settings.exit_url,
            csp_nonce=csp_nonce(),
            csrf_token=generate_csrf() if person and current_app.config["WTF_CSRF_ENABLED"] else "",
            notices=[str(message) for message in get_flashed_messages()],
            style_url=asset_url("app.css"),
            script_url=asset_url("app.js"),
            icon_url=asset_url("favicon.svg"),
            manifest_url=asset_url("manifest.json"),
        )
    }
