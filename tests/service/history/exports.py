"""Files as other services export them, written here by hand after what others tell of theirs."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

OURS, ANN, BEN = "+12125550100", "+14155550111", "+14155550122"


def a_takeout(**pages):
    """An archive with these pages, by their names."""
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        for name, body in pages.items():
            archive.writestr(
                f"Takeout/Voice/Calls/{name}.html", f"<?xml version='1.0' ?><html><body>{body}</body></html>"
            )
        archive.writestr("Takeout/archive_browser.html", "<html><body>Your account</body></html>")
    return kept.getvalue()


def texts(*messages, group=False):
    """A page of texts: who says when what."""
    among = '<div class="participants">Group conversation with: Ann, Ben</div>' if group else ""
    return f'{among}<div class="hChatLog hfeed">{"".join(_message(*message) for message in messages)}</div>'


def _message(number, name, at, said):
    who = f'<span class="fn">{name}</span>' if name else '<abbr class="fn" title="">Moi</abbr>'
    return (
        f'<div class="message"><abbr class="dt" title="{at}">then</abbr>: <cite class="sender vcard">'
        f'<a class="tel" href="tel:{number}">{who}</a></cite>: <q>{said}</q></div>'
    )


def a_call(label, number, name, at, span="", words=""):
    """A page of one call."""
    return (
        f'<div class="haudio"><div class="contributor vcard">{label} <a class="tel" href="tel:{number}">'
        f'<span class="fn">{name}</span></a></div><abbr class="published" title="{at}">then</abbr>'
        f'<abbr class="duration" title="{span}"></abbr><span class="full-text">{words}</span></div>'
        f'<div class="tags"><a rel="tag" href="http://www.google.com/voice#{label}">{label}</a></div>'
    )


TAKEOUT = a_takeout(
    **{
        "Ann - Text - 2024-05-04T10_00_00Z": texts(
            (ANN, "Ann", "2024-05-04T10:00:00.000-04:00", "Is the bread ready?<br>It&#39;s for Sunday"),
            (OURS, "", "2024-05-04T10:05:00.000-04:00", "Yes &amp; warm"),
        ),
        "Ann - Text - 2024-06-01T10_00_00Z": texts((OURS, "", "2024-06-01T10:00:00.000-04:00", "Alone")),
        "Group Conversation - 2024-06-02": texts(
            (BEN, "Ben", "2024-06-02T10:00:00.000-04:00", "All of us"), group=True
        ),
        "Ben - Voicemail - 2024-06-03": a_call(
            "voicemail", BEN, "Ben", "2024-06-03T09:00:00.000-04:00", "PT1M5S", "Please call me"
        ),
        "Ben - Missed - 2024-06-04": a_call("missed", BEN, "Ben", "2024-06-04T09:00:00.000-04:00"),
        "Ben - Placed - 2024-06-05": a_call("placed", BEN, "Ben", "2024-06-05T09:00:00.000-04:00", "PT2H3S"),
        " - Missed - 2024-06-06": a_call("missed", "", "", "2024-06-06T09:00:00.000-04:00"),
    }
)

QUO = (
    "id,conversationId,createdAt,direction,from,to,body,status\n"
    f"AC1,CN1,2024-05-04T14:00:00.000Z,incoming,{ANN},{OURS},Is the bread ready?,received\n"
    f'AC2,CN1,2024-05-04T14:05:00.000Z,outgoing,{OURS},{ANN},"Yes, and\nwarm",delivered\n'
).encode()
