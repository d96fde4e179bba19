"""Opens pages and notes what is wrong with each: the page, the rule, the element."""

from tests.browser.fetch_axe import AXE
from tests.browser.pages import CODE_SENT, OUTSIDER
from tests.browser.pictures import shot
from tests.factories import signed_in

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}
HEAVIEST = 100_000
"""Bytes of a page's HTML, style sheet, font, icons and scripts as they travel when the browser has none of them yet.

A carrier's script does not count: its weight is not ours, and the phone's own window loads it before anybody calls.
"""
CARRIER_SCRIPT = "/phone/carrier-"

GRAVE = {"serious", "critical"}

# without a node: within the browser's own controls, such as an audio player's buttons
NOTICES = """
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries())
      for (const { node } of shift.sources) if (node) window.moved.push((node.outerHTML ?? node.data).slice(0, 160));
  }).observe({ type: "layout-shift", buffered: true });
"""
JUDGED = """async (only) => (
  await axe.run({ resultTypes: ["violations"], preload: false, ...only })
).violations.flatMap((rule) =>
  rule.nodes.map((node) => [rule.impact, rule.id, node.target.join(" "), node.html.slice(0, 160)]))"""
WEIGHED = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter((part) => part.initiatorType !== "img")
  .map((part) => [part.name, part.encodedBodySize])"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1).slice(-3)
  .map((part) => part.outerHTML.slice(0, 160))"""
TRIES = 5
"""How often a page is opened until its font came in time: one that comes late is left out until the next page."""

IN_ITS_FONT = """() => {
  const width = (fonts) => {
    const probe = document.createElement("span");
    probe.textContent = "Figtree";
    probe.style.cssText = `position: absolute; visibility: hidden; font: 100px ${fonts}`;
    document.body.append(probe);
    const { width } = probe.getBoundingClientRect();
    probe.remove();
    return width;
  };
  return width("Figtree, monospace") !== width("monospace");
}"""
EMPTIED = "() => { document.documentElement.style.display = 'none'; }"
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Looker:
    """Opens pages as any of the persons of `pages.py`, and compares them with an album's pictures, if it has one."""

    def __init__(self, app, chromium, address, album):
        self._app, self._chromium, self._address, self._album = app, chromium, address, album
        self._tabs = {}
        self._sizes = {}
        self._here = ""
        self.wrong = []

    def look(self, who, path, *, status=None, picture=""):
        """Check a page in light and dark and at both widths, and measure its bytes.

        `status` is the only status it may answer with, `picture` the name of its accepted picture.
        """
        tab = self._tab(who)
        self._here = f"{who or 'outsider'} {path}"
        self._go(tab, path, status)
        self._judge(tab)
        self._weigh(tab)
        for moved in tab.evaluate("moved"):
            self._note("moves while it loads", moved)
        changed = self._changed(tab, picture)
        if changed:  # a browser with much to do may leave a part of a long page undrawn
            self._go(tab, path, status)
            changed = self._changed(tab, picture)
        if changed:
            self._note(changed)

    def open(self, who, path):
        """Open a tab that counts layout shifts."""
        tab = self._context(who).new_page()
        tab.goto(path)
        return tab

    def close(self):
        for tab in self._tabs.values():
            tab.context.close()

    def _go(self, tab, path, status):
        answer = tab.goto(path)
        as_expected = answer.status == status if status else answer.status < 500
        if not as_expected or tab.url != self._address + path:
            self._note(f"leads to {tab.url} ({answer.status})")
        for _ in range(TRIES):
            if tab.evaluate(IN_ITS_FONT):
                return
            tab.reload()
        self._note("is not drawn in its font")

    def _changed(self, tab, picture):
        """What differs from the accepted picture; "" if nothing does, or nothing is compared."""
        shots = {"wide": shot(tab), **self._dark(tab), **self._narrow(tab)}
        return self._album.compare(picture, shots) if self._album else ""

    def _dark(self, tab):
        """Check a page in the dark; its screenshot."""
        tab.emulate_media(color_scheme="dark")
        self._judge(tab, {"runOnly": ["color-contrast"]})
        dark = shot(tab)
        tab.emulate_media(color_scheme="light")
        return {"dark": dark}

    def _narrow(self, tab):
        """Check a page on a phone; its screenshot."""
        tab.set_viewport_size(NARROW)
        for part in tab.evaluate(TOO_WIDE):
            self._note("is wider than a phone", part)
        narrow = shot(tab)
        tab.evaluate(EMPTIED)  # what is not there need not be laid out anew
        tab.set_viewport_size(WIDE)
        return {"narrow": narrow}

    def _tab(self, who):
        if who not in self._tabs:
            self._context(who)
        return self._tabs[who]

    def _context(self, who):
        if who not in self._tabs:
            zone = "America/Los_Angeles"
            # a color that still fades when it is judged is neither of its two
            look = {"viewport": WIDE, "timezone_id": zone, "reduced_motion": "reduce"}
            context = self._chromium.new_context(base_url=self._address, service_workers="block", **look)
            if who != OUTSIDER:
                context.add_cookies([cookie(self._app, self._address, self._known(who))])
            context.add_init_script(NOTICES)
            if AXE.exists():
                context.add_init_script(path=AXE)
            self._tabs[who] = self._listened_to(context.new_page())
        return self._tabs[who].context

    def _listened_to(self, tab):
        tab.on("pageerror", lambda error: self._note("script", str(error)))
        tab.on("console", self._heard)
        tab.on("request", self._asked)
        return tab

    def _heard(self, said):
        page_itself = said.location["url"] == said.page.url  # one that is not there is answered with 404
        if said.type == "error" and not page_itself:
            self._note("console", said.text)

    def _asked(self, request):
        if not request.url.startswith((self._address, "data:")):
            self._note("asks elsewhere", request.url)

    def _judge(self, tab, only=None):
        if not AXE.exists():
            return
        for impact, *finding in tab.evaluate(JUDGED, only or {}):
            if impact in GRAVE:
                self._note(impact, *finding)

    def _weigh(self, tab):
        """Our own part of it comes from the cache after the first page, and weighs what it weighed then."""
        weight = 0
        for name, size in tab.evaluate(WEIGHED):
            self._sizes[name] = max(size, self._sizes.get(name, 0))
            if CARRIER_SCRIPT not in name:
                weight += self._sizes[name]
        if weight > HEAVIEST:
            self._note("is heavy", f"{weight} bytes")

    def _note(self, *said):
        self.wrong.append(" → ".join((self._here, *said)))

    def _known(self, who):
        sent = {"signing_in": "alice@bakery.example"}
        return sent if who == CODE_SENT else signed_in(self._app.extensions["services"], who)


def cookie(app, address, known):
    """The cookie of a browser in which this is known."""
    serializer = app.session_interface.get_signing_serializer(app)
    return {"name": "session", "value": serializer.dumps(known), "url": address}
