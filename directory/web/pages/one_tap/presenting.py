"""What stands behind a link, in words."""

from datetime import datetime

from directory.capacity.own_units import STATES
from directory.catalogue.hours import week_of
from directory.common.dates import as_date
from directory.upkeep.links import LinkState
from directory.upkeep.one_tap import Answered, ListingToConfirm, ServiceToConfirm, UnitToConfirm
from directory.upkeep.one_tap import OneTapPage as Sheet
from directory.web.pages.one_tap.answering import Sent
from directory.web.pages.one_tap.contexts import (
    ListingToTap,
    Notice,
    OneTapPage,
    ServiceToTap,
    StateChoice,
    UnitToTap,
)
from directory.web.pages.one_tap.style import style_url

_USED = Notice(
    "This has been confirmed already",
    ("Thank you: your answer has arrived, and there is nothing more to do.", "Each link works once."),
)
NOTICES: dict[LinkState, Notice] = {
    LinkState.USED: _USED,
    LinkState.EXPIRED: Notice(
        "This link has run out",
        ("Nothing was changed.", "The next reminder brings a new link. You need not wait for it: sign in."),
    ),
    LinkState.REVOKED: Notice(
        "This link has been cancelled",
        ("Nothing was changed.", "Somebody of your organisation, or your commissioner, has cancelled it."),
    ),
    LinkState.UNKNOWN: Notice(
        "This link leads nowhere",
        ("If you typed it, check that it is right. If it came in two lines, put them together.",),
    ),
}
NOTHING = Notice(
    "There is nothing to confirm",
    ("What this link was for is not in the directory any more, or somebody has confirmed it already.",),
)
TOO_MANY = Notice("Too many attempts", ("Wait a minute, and open the link again. It is still good.",), sign_in=False)


def one_tap_page(sheet: Sheet, now: datetime, sent: Sent | None = None, problem: tuple[str, ...] = ()) -> OneTapPage:
    """The page as things are now. Where something was `sent` and not kept, what still fits stays chosen."""
    given = sent or Sent()
    return OneTapPage(
        services=tuple(_service(service, given, now) for service in sheet.services if asks(service)),
        has_units=any(service.units for service in sheet.services),
        problem=problem,
        now=now,
        light_style_url=style_url(),
    )


def asks(service: ServiceToConfirm) -> bool:
    """Whether there is anything to confirm of it."""
    return bool(service.units or service.listing)


def done_lines(done: Answered) -> tuple[str, ...]:
    """What was confirmed and what was changed."""
    lines = []
    if done.confirmed:
        lines.append(f"{done.confirmed} unit{' is' if done.confirmed == 1 else 's are'} confirmed.")
    if done.changed:
        lines.append(f"{done.changed} of them {'is' if done.changed == 1 else 'are'} changed, as you said.")
    if done.listings:
        lines.append("Your listing is confirmed." if done.listings == 1 else f"{done.listings} listings are confirmed.")
    return tuple(lines)


def _service(service: ServiceToConfirm, sent: Sent, now: datetime) -> ServiceToTap:
    listing = service.listing
    return ServiceToTap(
        id=service.id,
        name=service.name,
        units=tuple(_unit(unit, sent) for unit in service.units),
        listing=ListingToTap(_facts(listing, now), service.id in sent.listings) if listing else None,
    )


def _unit(unit: UnitToConfirm, sent: Sent) -> UnitToTap:
    answer = sent.units.get(unit.id)
    changed_since = answer is not None and answer.was is not unit.state
    chosen = unit.state if answer is None or changed_since else answer.now_is
    return UnitToTap(
        id=unit.id,
        name=unit.name,
        state=unit.state.value,
        confirmed_at=unit.confirmed_at,
        choices=()
        if unit.locked
        else tuple(
            StateChoice(
                value=word,
                text=f"Still {word}" if state is unit.state else word.capitalize(),
                is_chosen=state is chosen,
            )
            for word, state in STATES.items()
        ),
        was_shown_as=answer.was.value if answer is not None and changed_since else "",
    )


def _facts(listing: ListingToConfirm, now: datetime) -> tuple[tuple[str, tuple[str, ...]], ...]:
    week = tuple(f"{day.day}: {day.text}" for day in week_of(listing.hours, now))
    return (
        ("What it is", (listing.kind.label,)),
        ("Telephone", (listing.phone or "None is listed",)),
        ("Hours", week or ("Not known",)),
        ("Last confirmed", (as_date(listing.verified_on) if listing.verified_on else "Never",)),
    )
