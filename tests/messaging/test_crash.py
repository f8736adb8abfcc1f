"""A deliverer that is killed at the worst moment: the mail server has the message, and nobody has written that down."""

import os
import signal
from typing import Any

from sqlalchemy import update

from directory.common.clock import utc_now
from directory.messaging.models import MessageState, OutboxMessage
from tests.messaging.messages import kept, put
from tests.messaging.servers import HOST, Mailbox, mail_server
from tests.support.commands import START_SECONDS, start
from tests.support.databases import committing


class KillingMailbox(Mailbox):
    """Kills `process` once it has the message, before it says so."""

    process: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            self.process = 0
        return answer


def test_the_message_is_sent_again_when_the_claim_has_lapsed(database_url: str) -> None:
    with committing(database_url) as session:
        message_id = put(session, utc_now())
    mailbox = KillingMailbox()

    with mail_server(mailbox) as port:
        variables = {"SMTP_URL": f"smtp://{HOST}:{port}", "MAIL_FROM": "directory@example.org"}

        def run_due(*, dies: bool) -> int:
            process = start("run-due", url=database_url, **variables)
            mailbox.process = process.pid if dies else 0
            process.communicate(timeout=START_SECONDS)
            return process.returncode

        assert run_due(dies=True) == -signal.SIGKILL
        assert len(mailbox.emails) == 1
        with committing(database_url) as session:
            assert kept(session, message_id).state is MessageState.SENDING

        assert run_due(dies=False) == 0
        assert len(mailbox.emails) == 1

        with committing(database_url) as session:
            session.execute(update(OutboxMessage).values(next_attempt_at=OutboxMessage.made_at))
        assert run_due(dies=False) == 0

    assert [email["Message-ID"] for email in mailbox.emails] == [f"<{message_id}@example.org>"] * 2
    with committing(database_url) as session:
        assert (kept(session, message_id).state, kept(session, message_id).attempts) == (MessageState.SENT, 2)
