"""Which transport carries which channel, by the operator's settings."""

from directory.common.sending import SendingSettings, read_smtp_url
from directory.messaging.delivery import Transport
from directory.messaging.models import Channel
from directory.messaging.notify import NotifyTransport
from directory.messaging.smtp import SmtpTransport


def transports(settings: SendingSettings) -> dict[Channel, Transport]:
    """The transport of each channel that has one. E-mail goes over SMTP where both are given.

    `settings` have been checked (`sending_problem`). Raises RefusedError when a library is missing.
    """
    made: dict[Channel, Transport] = {}
    if settings.smtp_url:
        made[Channel.EMAIL] = SmtpTransport(read_smtp_url(settings.smtp_url), settings.mail_from)
    if settings.notify_api_key:
        templates = {Channel.EMAIL: settings.notify_email_template, Channel.SMS: settings.notify_sms_template}
        for channel, template in templates.items():
            if template and channel not in made:
                made[channel] = NotifyTransport(channel, settings.notify_api_key, template, settings.notify_url)
    return made
