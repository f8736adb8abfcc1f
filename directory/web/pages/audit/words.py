"""Audit entries in words. Those that have none, being from another version of the program, are shown as recorded."""

from directory.audit.events import Event
from directory.audit.queries import Detail

EVENT_WORDS = {
    Event.HOLD_MADE: "Hold made",
    Event.HOLD_EXTENDED: "Hold extended",
    Event.HOLD_RELEASED: "Hold released",
    Event.HOLD_EXPIRED: "Hold ran out",
    Event.HOLD_PLACED: "Hold ended: the household was placed",
    Event.HOLD_ENDED_BY_PROVIDER: "Hold ended by the provider",
    Event.UNIT_STATE_CHANGED: "Unit’s state changed",
    Event.REFERRAL_DRAFTED: "Referral drafted",
    Event.REFERRAL_SENT: "Referral sent",
    Event.REFERRAL_SEEN: "Referral seen",
    Event.REFERRAL_ACCEPTED: "Referral accepted",
    Event.REFERRAL_DECLINED: "Referral declined",
    Event.REFERRAL_EXPIRED: "Referral not answered in time",
    Event.REFERRAL_WITHDRAWN: "Referral withdrawn",
    Event.REFERRAL_ARRIVED: "Referral: arrived",
    Event.REFERRAL_DID_NOT_ARRIVE: "Referral: did not arrive",
    Event.REFERRAL_CLOSED: "Referral closed",
    Event.REFERRAL_MOVED_ON: "Referral moved on to the next service",
    Event.REFERRAL_NUDGED: "Service reminded of a referral",
    Event.REFERRAL_ESCALATED: "Unanswered referral escalated",
    Event.REFERRAL_SHOWN: "Referral shown",
    Event.REFERRAL_FORGOTTEN: "Referral forgotten",
    Event.CONTACT_KEY_DESTROYED: "Key of a safe contact destroyed",
    Event.MESSAGE_SENT: "Message sent",
    Event.MESSAGE_DEAD: "Message given up",
    Event.SIGNED_IN: "Signed in",
    Event.SIGN_IN_LOCKED: "Signing in locked after failures",
    Event.ACCOUNT_CREATED: "Account made",
    Event.ACCOUNT_DEACTIVATED: "Account ended",
    Event.PASSWORD_CHANGED: "Password changed",
    Event.TOKEN_ISSUED: "Token issued",
    Event.TOKENS_REVOKED: "Tokens revoked",
    Event.GUIDANCE_CHANGED: "Guidance changed",
    Event.CATALOGUE_IMPORTED: "Catalogue imported",
    Event.CATALOGUE_CHANGED: "Catalogue changed",
    Event.CATALOGUE_EXPORTED: "Catalogue exported as a sheet",
    Event.PROPOSAL_MADE: "Change proposed",
    Event.PROPOSAL_DECIDED: "Proposal decided",
    Event.LISTING_STATUS_CHANGED: "Listing’s status changed",
    Event.LISTING_CONFIRMED: "Listing confirmed",
    Event.UNITS_CONFIRMED: "Units confirmed",
    Event.CONTACTS_CHANGED: "Contacts for reminders changed",
    Event.UPDATE_LINK_SENT: "Update link sent",
    Event.UPDATE_LINK_USED: "Update link used",
    Event.UPDATE_LINKS_REVOKED: "Update links revoked",
    Event.SERVICE_OVERDUE: "Service reminded of overdue entries",
    Event.PERFORMANCE_IMPORTED: "Performance figures imported",
    Event.EDITION_DRAFTED: "Edition drafted",
    Event.EDITION_SIGNED: "Edition signed off",
    Event.EDITION_SIGNATURE_WITHDRAWN: "Edition’s signature withdrawn",
    Event.EDITION_DISCARDED: "Edition’s draft discarded",
    Event.EDITION_PUBLISHED: "Edition published",
    Event.EDITION_SENT: "Edition sent out",
    Event.EDITION_ACKNOWLEDGED: "Edition acknowledged",
    Event.SCHEDULE_CHANGED: "Schedule of editions changed",
    Event.DISCLOSURE_RECORDED: "Disclosure request recorded",
    Event.DISCLOSURE_ANSWERED: "Disclosure request answered",
    Event.PROGRAMME_CHANGED: "Programme changed",
}
_WORDS_BY_VALUE = {event.value: words for event, words in EVENT_WORDS.items()}
_DETAIL_WORDS = {"fields": "What was shown", "by": "Declined by", "reason": "Why"}


def event_words(event: str) -> str:
    """What was done."""
    return _WORDS_BY_VALUE.get(event, event)


def detail_words(key: str) -> str:
    """What a reference is of."""
    return _DETAIL_WORDS.get(key, key.replace("_", " ").capitalize())


def value_words(value: Detail) -> str:
    """A reference, a number, or references with commas between; `none` where there is not one."""
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return f"{value:,}" if isinstance(value, int) else value
