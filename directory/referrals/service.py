"""Referrals: the face that pages, programs and commands use.

Each function works in the transaction for writing that its caller has begun, and leaves the commit to it. `keystore` is
where the keys of safe contacts are; `actor` is signed in. Reading is the business of `privacy.py` alone.
"""

from directory.referrals.answering import accept_referral, decline_referral, record_arrival, see_referral
from directory.referrals.content import LONGEST_NOTE, Consent, Content
from directory.referrals.drafts import Draft, hold_of_draft, problems_of, read_draft
from directory.referrals.due import DueReport, do_what_is_due
from directory.referrals.keystore import Keystore
from directory.referrals.lifecycle import MoveRefusedError
from directory.referrals.models import LONGEST_PLAN
from directory.referrals.notices import reachable
from directory.referrals.open_referrals import open_referrals
from directory.referrals.referring import (
    Option,
    change_draft,
    choose_next,
    close_referral,
    draft_referral,
    send_referral,
    take_next_step,
    withdraw_referral,
)
from directory.referrals.routing import NobodyToAskError
from directory.referrals.safe_contact import Channel, SafeContact, safe_contact
from directory.referrals.vocabulary import (
    ChildBand,
    ConsentHow,
    DeclinedBy,
    DeclineReason,
    Party,
    ReferralState,
    Risk,
    StepState,
)
from directory.screening.service import LONGEST as LONGEST_TEXT
from directory.screening.service import explain, screen

__all__ = [
    "LONGEST_NOTE",
    "LONGEST_PLAN",
    "LONGEST_TEXT",
    "Channel",
    "ChildBand",
    "Consent",
    "ConsentHow",
    "Content",
    "DeclineReason",
    "DeclinedBy",
    "Draft",
    "DueReport",
    "Keystore",
    "MoveRefusedError",
    "NobodyToAskError",
    "Option",
    "Party",
    "ReferralState",
    "Risk",
    "SafeContact",
    "StepState",
    "accept_referral",
    "change_draft",
    "choose_next",
    "close_referral",
    "decline_referral",
    "do_what_is_due",
    "draft_referral",
    "explain",
    "hold_of_draft",
    "open_referrals",
    "problems_of",
    "reachable",
    "read_draft",
    "record_arrival",
    "safe_contact",
    "screen",
    "see_referral",
    "send_referral",
    "take_next_step",
    "withdraw_referral",
]
