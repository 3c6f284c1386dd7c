/* Pages in dialogs: acts that ask first, and the drawer with a session's story.
 *
 * <confirm-dialog> around a link to a page that asks before it acts ("Reissue key", "Block").
 * Opens that page's [data-dialog] part in the page's <dialog id="dialog"> instead of going there. Its heading
 * has id="dialog-title", its way out is a link with data-cancel, which has the focus first. The form posts as
 * on the page, once; errors are shown on the page. Anything unexpected, and a browser without scripts, gets
 * the page itself.
 *
 *   <a href="/sessions/…/" title="Details" data-drawer>…</a>
 *
 * Opens in <dialog id="drawer"> at the side what that page answers to scripts. Escape, the way out and a click
 * beside it close it, and the focus goes back to the link. With Ctrl, Shift, Alt, Meta or another button than
 * the first it is a link like any other.
 */
const dialog = document.getElementById("dialog");
const drawer = document.getElementById("drawer");

document.addEventListener("click", (event) => {
  const link = event.target.closest("confirm-dialog a[href], a[data-drawer]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openPage(link.href, link.matches("[data-drawer]") ? drawer : dialog);
});

for (const place of [dialog, drawer]) {
  place?.addEventListener("click", (event) => {
    const isBeside = place === drawer && event.target === drawer;
    if (!isBeside && !event.target.closest("[data-cancel]")) return;
    event.preventDefault();
    place.close();
  });
  place?.addEventListener("submit", sendOnce);
}

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("dialog form")) form.removeAttribute("aria-busy");
});

async function openPage(url, place) {
  try {
    const response = await page.ask(url, { headers: { "X-Requested-With": place.id } });
    if (page.isTold(response)) return;
    if (response.ok && show(await response.text(), response.url, place)) return;
  } catch {
    /* the page itself tells what is wrong */
  }
  location.assign(url);
}

function show(html, url, place) {
  const part = new DOMParser().parseFromString(html, "text/html").querySelector("[data-dialog]");
  if (!part) return false;
  place.replaceChildren(document.adoptNode(part));
  for (const form of place.querySelectorAll("form")) form.action = new URL(form.getAttribute("action") || "", url);
  if (!place.open) place.showModal();
  (place.querySelector("[role=alert]") ?? place.querySelector("[data-cancel]"))?.focus({ preventScroll: true });
  return true;
}

/* The browser sends the form itself: a redirect that a script followed would use up the message of success. */
function sendOnce(event) {
  if (event.target.ariaBusy === "true") event.preventDefault();
  event.target.ariaBusy = "true";
}
