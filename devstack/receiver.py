"""`python -m devstack.receiver PORT`: takes what the demo's webhooks are sent, and shows it.

It stands for a system or a channel of the customer's. What is posted to any path is taken, to
``/fails`` and ``/gone`` refused, so that one can see what becomes of that too.
"""

import html
import json
import signal
import sys
from collections import deque
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

LARGEST = 1_000_000
MOST_SHOWN = 50
ANSWERS = {"/fails": 500, "/gone": 410}
PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width"><title>What was sent</title>
<style>
  :root {{ color-scheme: light dark; font-family: system-ui, sans-serif; }}
  body {{ max-width: 50rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5; }}
  pre {{ overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: 8px; }}
</style>
<h1>What was sent here</h1>
<p>The demo's receiver of webhooks and channels: what is posted to any path is taken.
<code>/fails</code> answers 500 and <code>/gone</code> 410. The last {most} messages, the newest
first.</p>
{messages}
</html>
"""
MESSAGE = (
    "<h2>{at}, {path}</h2><p>Answered {status}. Message <code>{number}</code></p><pre>{body}</pre>"
)


class Message(NamedTuple):
    """What was posted, and what it was answered."""

    at: datetime
    path: str
    number: str
    status: int
    body: str


class Handler(BaseHTTPRequestHandler):
    """Takes messages, and shows them."""

    server: "Receiver"

    def do_POST(self) -> None:
        """Take one."""
        said = self.rfile.read(min(int(self.headers["Content-Length"] or 0), LARGEST))
        status = ANSWERS.get(self.path, 204)
        number = self.headers["webhook-id"] or ""
        self.server.taken.appendleft(
            Message(datetime.now().astimezone(), self.path, number, status, laid_out(said))
        )
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        """Show all."""
        page = shown(list(self.server.taken)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *words: object) -> None:
        """Be quiet: the page tells it."""


class Receiver(ThreadingHTTPServer):
    """What was taken last, the newest first."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.taken: deque[Message] = deque(maxlen=MOST_SHOWN)


def laid_out(said: bytes) -> str:
    """JSON with a line for each value; anything else as it came."""
    try:
        return json.dumps(json.loads(said), indent=2, ensure_ascii=False)
    except ValueError:
        return said.decode(errors="replace")


def shown(taken: list[Message]) -> str:
    """The page, in which nothing that was posted is markup."""
    told = [
        MESSAGE.format(
            at=f"{one.at:%H:%M:%S}",
            path=html.escape(one.path),
            number=html.escape(one.number),
            status=one.status,
            body=html.escape(one.body),
        )
        for one in taken
    ]
    messages = "\n".join(told) or "<p>Nothing yet.</p>"
    return PAGE.format(most=MOST_SHOWN, messages=messages)


def main() -> None:
    """Take messages until a signal ends it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with Receiver(int(sys.argv[1])) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
