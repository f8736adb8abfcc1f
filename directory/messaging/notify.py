"""GOV.UK Notify: text messages, and e-mail where no mail server is given. It needs the extra `notify`."""

import logging
from importlib import import_module
from typing import Any

from directory.common.errors import RefusedError
from directory.messaging.delivery import DeliveryError, Outgoing
from directory.messaging.models import Channel

TIMEOUT_SECONDS = 20
_TOO_MANY = 429
_REFUSED_KEY = (401, 403)
# Answers to which the same request may get another one later: no answer in time, too many requests.
_FOR_NOW = (408, _TOO_MANY)


class NotifyTransport:
    """Sends the messages of one channel with one template, which shows ((subject)) and ((text)) and nothing else."""

    def __init__(self, channel: Channel, api_key: str, template_id: str, base_url: str) -> None:
        """Raises RefusedError when the client of GOV.UK Notify is not installed."""
        try:
            # Only installations that use Notify have it.
            library: Any = import_module("notifications_python_client.notifications")
            self._errors: Any = import_module("notifications_python_client.errors")
        except ModuleNotFoundError:
            raise RefusedError("NOTIFY_API_KEY needs support-directory[notify] to be installed.") from None
        # It logs what Notify answers, which may quote an address (firewall, rule 9).
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
        self._channel = channel
        self._template_id = template_id
        self._client: Any = library.NotificationsAPIClient(api_key, base_url=base_url, timeout=TIMEOUT_SECONDS)

    def send(self, message: Outgoing) -> None:
        """Hand `message` to Notify. Raises DeliveryError with codes such as `notify-429` or `notify-unreachable`."""
        try:
            if self._channel is Channel.SMS:
                self._client.send_sms_notification(
                    phone_number=message.address,
                    template_id=self._template_id,
                    personalisation={"text": message.text},
                    reference=message.id,
                )
            else:
                self._client.send_email_notification(
                    email_address=message.address,
                    template_id=self._template_id,
                    personalisation={"subject": message.subject, "text": message.text},
                    reference=message.id,
                )
        except self._errors.InvalidResponse:
            # Something between us and Notify answered in its place: a proxy's page, for instance.
            raise DeliveryError("notify-unreadable", stop=True) from None
        except self._errors.HTTPError as error:
            raise _refusal(error) from None


def _refusal(error: Any) -> DeliveryError:
    if error.response is None:
        return DeliveryError("notify-unreachable", stop=True)
    status: int = error.status_code
    for_now = status >= 500 or status in _FOR_NOW
    return DeliveryError(f"notify-{status}", permanent=not for_now, stop=for_now or status in _REFUSED_KEY)
