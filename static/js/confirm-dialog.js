/* <confirm-dialog> around a link to a page that asks before it acts ("Reissue key", "Block").
 *
 *   <confirm-dialog><a class="btn" href="/licences/3/keys/5/reissue/">Reissue key</a></confirm-dialog>
 *
 * Opens that page's [data-dialog] part in the page's <dialog id="dialog"> instead of going there. Its heading
 * has id="dialog-title", its way out is a link with data-cancel, which has the focus first. The form posts as
 * on the page, once; errors are shown on the page. Anything unexpected, and a browser without scripts, gets
 * the page itself.
 */
class ConfirmDialog extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openPage(link.href);
    });
  }
}

const dialog = document.getElementById("dialog");

async function openPage(url) {
  try {
    const response = await fetch(url, { headers: { "X-Requested-With": "dialog" } });
    if (response.ok && show(await response.text(), response.url)) return;
  } catch {
    /* the page itself tells what is wrong */
  }
  location.assign(url);
}

function show(html, url) {
  const part = new DOMParser().parseFromString(html, "text/html").querySelector("[data-dialog]");
  if (!part || !dialog) return false;
  dialog.replaceChildren(document.adoptNode(part));
  for (const form of dialog.querySelectorAll("form")) {
    form.action = new URL(form.getAttribute("action") || "", url);
    form.addEventListener("submit", (event) => sendOnce(event, form));
    window.addEventListener("pageshow", () => form.removeAttribute("aria-busy"));
  }
  dialog.querySelector("[data-cancel]")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[role=alert]") ?? dialog.querySelector("[data-cancel]"))?.focus({ preventScroll: true });
  return true;
}

/* The browser sends the form itself: a redirect that a script followed would use up the message of success. */
function sendOnce(event, form) {
  if (form.ariaBusy === "true") event.preventDefault();
  form.ariaBusy = "true";
}

customElements.define("confirm-dialog", ConfirmDialog);
