"""The register's vocabulary, as people read it."""

from directory.assurance.vocabulary import Basis, Decision, Requester, Subject

REQUESTER = {
    Requester.IMMIGRATION_ENFORCEMENT: "Immigration Enforcement",
    Requester.OTHER_HOME_OFFICE: "Another part of the Home Office",
    Requester.POLICE: "Police",
    Requester.COURT: "Court",
    Requester.LOCAL_AUTHORITY: "Local authority",
    Requester.SOLICITOR: "Solicitor",
    Requester.RESEARCHER: "Researcher",
    Requester.PRESS: "Press",
    Requester.PERSON_CONCERNED: "The person concerned",
    Requester.OTHER: "Somebody else",
}
SUBJECT = {
    Subject.PERSON: "A person",
    Subject.HOUSEHOLDS: "Households in a service or unit",
    Subject.ADDRESS: "An address",
    Subject.STATISTICS: "Statistics",
    Subject.AUDIT_TRAIL: "The audit trail",
    Subject.LISTING: "What a listing says",
}
BASIS = {
    Basis.NONE_GIVEN: "None was given",
    Basis.COURT_ORDER: "Court order",
    Basis.DATA_PROTECTION_ACT: "Data Protection Act 2018",
    Basis.FREEDOM_OF_INFORMATION_ACT: "Freedom of Information Act 2000",
    Basis.SUBJECT_ACCESS: "Subject access",
    Basis.SAFEGUARDING: "Safeguarding",
    Basis.OTHER: "Another ground",
}
DECISION = {
    Decision.PENDING: "Not answered yet",
    Decision.REFUSED: "Refused",
    Decision.NOTHING_HELD: "Nothing held",
    Decision.PARTLY_DISCLOSED: "Partly disclosed",
    Decision.DISCLOSED: "Disclosed",
}
DECISION_HINTS = {
    Decision.REFUSED.value: "It may be there, and nothing was disclosed.",
    Decision.NOTHING_HELD.value: "The directory does not know what was asked for.",
    Decision.PARTLY_DISCLOSED.value: "Some of it was disclosed.",
    Decision.DISCLOSED.value: "All of it was disclosed.",
}
