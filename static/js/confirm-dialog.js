/* Pages in dialogs: acts that ask first, and the drawer with a session's story.
 *
 * <confirm-dialog> around a link to a page that asks before it acts ("Reissue key", "Block").
 *
 *   <confirm-dialog><a class="btn" href="/licences/3/keys/5/reissue/">Reissue key</a></confirm-dialog>
 *
 * Opens that page's [data-dialog] part in the page's <dialog id="dialog"> instead of going there. Its heading
 * has id="dialog-title", its way out is a link with data-cancel, which has the focus first. The form posts as
 * on the page, once; errors are shown on the page. Anything unexpected, and a browser without scripts, gets
 * the page itself.
 *
 *   <a href="/sessions/…/" data-drawer>J. Smith</a>
 *
 * Opens in <dialog id="drawer"> at the side what that page answers to scripts. Escape, the way out and a click
 * beside it close it, and the focus goes back to the link. With Ctrl, Shift, Alt, Meta or another button than
 * the first it is a link like any other.
 */
class ConfirmDialog extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (link) open(event, link, dialog);
    });
  }
}

const dialog = document.getElementById("dialog");
const drawer = document.getElementById("drawer");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-drawer]");
  if (link) open(event, link, drawer);
});
drawer?.addEventListener("click", ({ target }) => target === drawer && drawer.close());

function open(event, link, into) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openPage(link.href, into);
}

async function openPage(url, into) {
  try {
    const response = await page.ask(url, { headers: { "X-Requested-With": into.id } });
    if (response.status === page.STALE) return;
    if (response.ok && show(await response.text(), response.url, into)) return;
  } catch {
    /* the page itself tells what is wrong */
  }
  location.assign(url);
}

function show(html, url, into) {
  const part = new DOMParser().parseFromString(html, "text/html").querySelector("[data-dialog]");
  if (!part) return false;
  into.replaceChildren(document.adoptNode(part));
  for (const form of into.querySelectorAll("form")) {
    form.action = new URL(form.getAttribute("action") || "", url);
    form.addEventListener("submit", (event) => sendOnce(event, form));
    window.addEventListener("pageshow", () => form.removeAttribute("aria-busy"));
  }
  into.querySelector("[data-cancel]")?.addEventListener("click", (event) => {
    event.preventDefault();
    into.close();
  });
  if (!into.open) into.showModal();
  (into.querySelector("[role=alert]") ?? into.querySelector("[data-cancel]"))?.focus({ preventScroll: true });
  return true;
}

/* The browser sends the form itself: a redirect that a script followed would use up the message of success. */
function sendOnce(event, form) {
  if (form.ariaBusy === "true") event.preventDefault();
  form.ariaBusy = "true";
}

customElements.define("confirm-dialog", ConfirmDialog);
