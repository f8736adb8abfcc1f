"""How referrals are answered, and that no small number gets out. Shares of whole, final quarters alone."""

from sqlalchemy.orm import Session

from directory.assurance.items import Figure, Promise, Standing, counted, met
from directory.capacity.availability import Moment
from directory.publishing.performance.measures import MEDIAN_RESPONSE, WITHIN_TARGET
from directory.publishing.performance.reading import read_quarter, shown_quarters
from directory.publishing.performance.self_check import check_quarter
from directory.publishing.performance.wording import UNKNOWN
from directory.referrals.statistics import published_shares

QUARTERS = 4
ANSWERED_PERCENT = 80
"""Of the times that a service was asked, answered within its own target. What is shown of them is rounded."""
CODE_PERCENT = 95
"""Of referrals within the Victims' Code's two working days: all of them, but for what a step of five hides."""
TOO_FEW = Figure(Standing.NO_DATA, "No share can be told yet: no quarter that is final has enough referrals behind it.")


def answered_in_time(session: Session, moment: Moment) -> Figure:
    """What share of the times that a service was asked it answered within its own target, quarter by quarter."""
    quarters = [read_quarter(session, quarter, moment.now) for quarter in _quarters(session, moment)]
    shares = [(one.quarter, one.london.get(WITHIN_TARGET, UNKNOWN)) for one in quarters]
    known = [(quarter, share) for quarter, share in shares if share.value is not None]
    if not known:
        return TOO_FEW
    newest, share = known[0]
    more = [
        (one.quarter, f"{share.text}; half of the answers {one.london.get(MEDIAN_RESPONSE, UNKNOWN).text}")
        for one, (_, share) in zip(quarters, shares, strict=True)
    ]
    is_met = share.value is not None and share.value >= ANSWERED_PERCENT
    return Figure(met(is_met), f"{share.text[:1].upper()}{share.text[1:]} in {newest}", tuple(more))


def victims_code(session: Session, moment: Moment) -> Figure:
    """What share of the referrals was made within two working days of the report to the police."""
    shares = [
        (quarter, published_shares(session, quarter, moment.now).get("code_met"))
        for quarter in _quarters(session, moment)
    ]
    known = [(quarter, share) for quarter, share in shares if share is not None]
    if not known:
        return TOO_FEW
    newest, share = known[0]
    more = tuple((quarter, "not known" if share is None else f"about {share}%") for quarter, share in shares)
    return Figure(met(share >= CODE_PERCENT), f"About {share}% in {newest}", more)


def suppression(session: Session, moment: Moment) -> Figure:
    """Whether what is published of referrals gives back nothing of what is hidden."""
    quarters = _quarters(session, moment)
    checks = [check_quarter(read_quarter(session, quarter, moment.now)) for quarter in quarters]
    if not checks:
        return Figure(Standing.NO_DATA, "No quarter with figures is final yet.")
    # What the problems say would lead to what is hidden: their number is enough here.
    problems = sum(len(check.problems) for check in checks)
    more = tuple(
        (
            check.quarter,
            f"{counted(check.cells, 'figure')}, {check.hidden:,} hidden, {counted(len(check.problems), 'problem')}",
        )
        for check in checks
    )
    return Figure(
        met(not problems), f"{counted(problems, 'problem').capitalize()} in {counted(len(checks), 'quarter')}", more
    )


def _quarters(session: Session, moment: Moment) -> tuple[str, ...]:
    """The last quarters whose figures are final, newest first."""
    return shown_quarters(session, moment.now)[:QUARTERS]


REFERRALS = (
    Promise(
        "answered-in-time",
        "Referrals are answered in time",
        f"Each service says how soon it answers. Met when it did so in {ANSWERED_PERCENT}% or more of the times that "
        "one was asked.",
        "Quarters that are final, worked out from what is shown of single services; told from 100 referrals on.",
        answered_in_time,
    ),
    Promise(
        "victims-code",
        "The Victims’ Code is kept",
        "Right 4: a victim is referred to support within two working days of the report. Met when about "
        f"{CODE_PERCENT}% or more of a quarter’s referrals were.",
        "Referrals of whole quarters that are final, in steps of 5%; told from 100 referrals on.",
        victims_code,
    ),
    Promise(
        "suppression",
        "Small numbers stay hidden",
        "Counts under five are hidden, and so is what would give them back. The check tries to work them out from "
        "what is shown. Met when it cannot.",
        f"The figures of the last {QUARTERS} quarters that are final, worked out anew and attacked each time.",
        suppression,
    ),
)
