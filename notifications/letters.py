"""What is written in e-mails: as plain text, and the same to look at as HTML."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from html import escape

from models.notification import Message
from notifications.addresses import Address

_STYLE = "font-family: system-ui, Arial, sans-serif; font-size: 1.125em; line-height: 1.5"


def letter(
    message: Message, *, to: Address, sender: str, site: str, id: str, at: datetime
) -> EmailMessage:
    """Write what a person is told; ``id`` makes its Message-ID, the same in every try."""
    stop = f"{site}/email?stop={to.stop_key}"
    written = _written(message.title, to=to.address, sender=sender, id=id, at=at)
    written["List-Unsubscribe"] = f"<{site}/v1/email/stop?key={to.stop_key}>"
    written["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    links = (
        ("Open it", site + message.path),
        ("All notifications and saved searches", f"{site}/notifications"),
        ("Stop these e-mails", stop),
    )
    return _with_body(written, message.title, message.text, links)


def confirmation(*, to: Address, sender: str, site: str, id: str, at: datetime) -> EmailMessage:
    """Ask the owner of an address; it has nothing in it that the asker could have chosen."""
    title = "Confirm this address for Roomscribe"
    text = (
        "Somebody wants to be told by e-mail, at this address, when something is mentioned in a"
        " public room. Nothing is sent before you confirm it. If that was not you, ignore this, or"
        " choose to get no e-mails from here."
    )
    links = (
        ("Confirm this address", f"{site}/email?confirm={to.confirm_key}"),
        ("Get no e-mails from here", f"{site}/email?stop={to.stop_key}"),
    )
    written = _written(title, to=to.address, sender=sender, id=id, at=at)
    return _with_body(written, title, text, links, quoted=False)


def _written(title: str, *, to: str, sender: str, id: str, at: datetime) -> EmailMessage:
    written = EmailMessage()
    written["From"] = sender
    written["To"] = to
    written["Subject"] = " ".join(title.split())
    written["Date"] = format_datetime(at)
    written["Message-ID"] = f"<{id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    written["Auto-Submitted"] = "auto-generated"
    return written


def new_id() -> str:
    """Make an id for a letter that stands for no parcel."""
    return make_msgid(domain="x").strip("<>").partition("@")[0]


def _with_body(
    written: EmailMessage,
    title: str,
    text: str,
    links: tuple[tuple[str, str], ...],
    *,
    quoted: bool = True,
) -> EmailMessage:
    said = (f"“{text}”" if quoted else text) if text else ""
    plain = [title, said, *(f"{name}:\n{url}" for name, url in links)]
    written.set_content("\n\n".join(filter(None, plain)) + "\n")
    paragraphs = [f'<h1 style="font-size: 1.25em" dir="auto">{escape(title)}</h1>']
    if said:
        tag = "blockquote" if quoted else "p"
        paragraphs.append(f'<{tag} dir="auto">{escape(said)}</{tag}>')
    paragraphs += [f'<p><a href="{escape(url)}">{escape(name)}</a></p>' for name, url in links]
    body = "\n".join(paragraphs)
    page = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        f'</title></head><body style="{_STYLE}">\n{body}\n</body></html>\n'
    )
    written.add_alternative(page, subtype="html")
    return written
