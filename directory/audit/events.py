"""What the audit trail can tell: every event, and exactly which details each one has.

Details are references and codes. No event names a unit together with a hold or a referral: what kind of unit it was
would tell what its household needed (firewall, rule 3).
"""

import enum
import re

# What a detail may be: a reference or a code, never a sentence, an address or a name with its surname.
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")


class Event(enum.StrEnum):
    """Something that was done."""

    HOLD_MADE = "hold_made"
    HOLD_EXTENDED = "hold_extended"
    HOLD_RELEASED = "hold_released"
    HOLD_EXPIRED = "hold_expired"
    HOLD_ENDED_BY_PROVIDER = "hold_ended_by_provider"
    HOLD_PLACED = "hold_placed"
    UNIT_STATE_CHANGED = "unit_state_changed"
    REFERRAL_DRAFTED = "referral_drafted"
    REFERRAL_SENT = "referral_sent"
    REFERRAL_SEEN = "referral_seen"
    REFERRAL_ACCEPTED = "referral_accepted"
    REFERRAL_DECLINED = "referral_declined"
    REFERRAL_EXPIRED = "referral_expired"
    REFERRAL_WITHDRAWN = "referral_withdrawn"
    REFERRAL_ARRIVED = "referral_arrived"
    REFERRAL_DID_NOT_ARRIVE = "referral_did_not_arrive"
    REFERRAL_CLOSED = "referral_closed"
    REFERRAL_MOVED_ON = "referral_moved_on"
    REFERRAL_NUDGED = "referral_nudged"
    REFERRAL_ESCALATED = "referral_escalated"
    REFERRAL_SHOWN = "referral_shown"
    REFERRAL_FORGOTTEN = "referral_forgotten"
    CONTACT_KEY_DESTROYED = "contact_key_destroyed"
    MESSAGE_SENT = "message_sent"
    MESSAGE_DEAD = "message_dead"
    SIGNED_IN = "signed_in"
    SIGN_IN_LOCKED = "sign_in_locked"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_DEACTIVATED = "account_deactivated"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    TOKEN_ISSUED = "token_issued"  # noqa: S105 - the name of an event
    TOKENS_REVOKED = "tokens_revoked"
    GUIDANCE_CHANGED = "guidance_changed"
    CATALOGUE_IMPORTED = "catalogue_imported"
    CATALOGUE_CHANGED = "catalogue_changed"
    CATALOGUE_EXPORTED = "catalogue_exported"
    PROPOSAL_MADE = "proposal_made"
    PROPOSAL_DECIDED = "proposal_decided"
    LISTING_STATUS_CHANGED = "listing_status_changed"
    LISTING_CONFIRMED = "listing_confirmed"
    UNITS_CONFIRMED = "units_confirmed"
    CONTACTS_CHANGED = "contacts_changed"
    UPDATE_LINK_SENT = "update_link_sent"
    UPDATE_LINK_USED = "update_link_used"
    UPDATE_LINKS_REVOKED = "update_links_revoked"
    SERVICE_OVERDUE = "service_overdue"
    PROGRAMME_CHANGED = "programme_changed"
    PERFORMANCE_IMPORTED = "performance_imported"
    EDITION_DRAFTED = "edition_drafted"
    EDITION_SIGNED = "edition_signed"
    EDITION_SIGNATURE_WITHDRAWN = "edition_signature_withdrawn"
    EDITION_DISCARDED = "edition_discarded"
    EDITION_PUBLISHED = "edition_published"
    EDITION_SENT = "edition_sent"
    EDITION_ACKNOWLEDGED = "edition_acknowledged"
    SCHEDULE_CHANGED = "schedule_changed"
    DISCLOSURE_RECORDED = "disclosure_recorded"
    DISCLOSURE_ANSWERED = "disclosure_answered"


_HOLD = frozenset({"hold", "service"})
_REFERRAL = frozenset({"referral", "service"})
_MESSAGE = frozenset({"message", "kind"})
_ACCOUNT = frozenset({"account"})
_EDITION = frozenset({"edition"})

# The keys of each event's details: all of these, and no others.
REQUIRED: dict[Event, frozenset[str]] = {
    Event.HOLD_MADE: _HOLD,
    Event.HOLD_EXTENDED: _HOLD,
    Event.HOLD_RELEASED: _HOLD,
    Event.HOLD_EXPIRED: _HOLD,
    Event.HOLD_ENDED_BY_PROVIDER: _HOLD,
    Event.HOLD_PLACED: _HOLD,
    # Not which unit: beside the end of a hold on it, that would tell.
    Event.UNIT_STATE_CHANGED: frozenset({"service", "state"}),
    Event.REFERRAL_DRAFTED: _REFERRAL,
    Event.REFERRAL_SENT: _REFERRAL,
    Event.REFERRAL_SEEN: _REFERRAL,
    Event.REFERRAL_ACCEPTED: _REFERRAL,
    Event.REFERRAL_DECLINED: _REFERRAL | {"by", "reason"},
    Event.REFERRAL_EXPIRED: _REFERRAL,
    Event.REFERRAL_WITHDRAWN: _REFERRAL,
    Event.REFERRAL_ARRIVED: _REFERRAL,
    Event.REFERRAL_DID_NOT_ARRIVE: _REFERRAL,
    Event.REFERRAL_CLOSED: _REFERRAL,
    Event.REFERRAL_MOVED_ON: _REFERRAL,
    Event.REFERRAL_NUDGED: _REFERRAL,
    Event.REFERRAL_ESCALATED: _REFERRAL,
    Event.REFERRAL_SHOWN: frozenset({"referral", "fields"}),
    Event.REFERRAL_FORGOTTEN: frozenset({"referral"}),
    Event.CONTACT_KEY_DESTROYED: frozenset({"referral"}),
    Event.MESSAGE_SENT: _MESSAGE,
    Event.MESSAGE_DEAD: _MESSAGE,
    Event.SIGNED_IN: frozenset(),
    # `account` is `none` where the address that was locked has no account: the address itself is kept nowhere.
    Event.SIGN_IN_LOCKED: _ACCOUNT,
    Event.ACCOUNT_CREATED: _ACCOUNT,
    Event.ACCOUNT_DEACTIVATED: _ACCOUNT,
    Event.PASSWORD_CHANGED: _ACCOUNT,
    Event.TOKEN_ISSUED: _ACCOUNT | {"scopes"},
    Event.TOKENS_REVOKED: _ACCOUNT,
    Event.GUIDANCE_CHANGED: frozenset({"guidance"}),
    Event.CATALOGUE_IMPORTED: frozenset({"added", "changed", "removed"}),
    # Of what, the versions tell that belong to the change: a unit is not named here.
    Event.CATALOGUE_CHANGED: frozenset({"change", "kind"}),
    Event.CATALOGUE_EXPORTED: frozenset({"kind", "rows"}),
    Event.PROPOSAL_MADE: frozenset({"proposal", "source"}),
    Event.PROPOSAL_DECIDED: frozenset({"proposal", "decision"}),
    # Organisations and services alone have a status.
    Event.LISTING_STATUS_CHANGED: frozenset({"listing", "status"}),
    Event.LISTING_CONFIRMED: frozenset({"service"}),
    Event.UNITS_CONFIRMED: frozenset({"service", "units"}),
    Event.CONTACTS_CHANGED: frozenset({"service"}),
    Event.UPDATE_LINK_SENT: frozenset({"link", "services"}),
    Event.UPDATE_LINK_USED: frozenset({"link"}),
    Event.UPDATE_LINKS_REVOKED: frozenset({"service", "links"}),
    Event.SERVICE_OVERDUE: frozenset({"service", "subject", "reminders"}),
    Event.PROGRAMME_CHANGED: frozenset({"programme"}),
    Event.PERFORMANCE_IMPORTED: frozenset({"added", "changed", "removed"}),
    Event.EDITION_DRAFTED: _EDITION | {"content"},
    Event.EDITION_SIGNED: _EDITION | {"content", "warnings"},
    Event.EDITION_SIGNATURE_WITHDRAWN: _EDITION,
    Event.EDITION_DISCARDED: _EDITION,
    # With both hashes, the trail proves what was published even to whoever has no copy of it.
    Event.EDITION_PUBLISHED: _EDITION | {"number", "content", "seal"},
    Event.EDITION_SENT: _EDITION | {"people"},
    Event.EDITION_ACKNOWLEDGED: _EDITION,
    Event.SCHEDULE_CHANGED: frozenset({"every_months", "day"}),
    Event.DISCLOSURE_RECORDED: frozenset({"disclosure", "requester"}),
    Event.DISCLOSURE_ANSWERED: frozenset({"disclosure", "decision"}),
}
