/* <release-rows> around the form that the Release buttons of a list send (form="release-form", in rows with
 * data-session), and a <template data-failed> that says that it went wrong.
 *
 * A released row keeps its place, as "Released · Put back", while its toast can be seen: what is under the pointer
 * does not become another person's row. It is gone (data-session) at once all the same. The focus goes to its
 * button, which a second Enter does not press. <live-rows> hears "list-changed" and asks for the rest. A release
 * that fails says so. Without scripts the form is sent and the page comes back.
 */
class ReleaseRows extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this);
    this.sweeping = setInterval(sweep, 1000);
  }

  disconnectedCallback() {
    clearInterval(this.sweeping);
  }

  handleEvent(event) {
    event.preventDefault();
    this.release(event.target, event.submitter);
  }

  async release(form, button) {
    const row = button.closest("tr"); // the list may be sent anew, without it, before the answer comes
    button.disabled = true;
    try {
      const response = await page.ask(button.formAction, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "release" },
        redirect: "manual",
      });
      if (response.ok) show(row, await response.text());
      else if (!page.isTold(response)) this.fail();
    } catch {
      this.fail();
    }
    button.disabled = false;
  }

  fail() {
    document.getElementById("toasts").append(document.importNode(this.querySelector("[data-failed]").content, true));
  }
}

function show(asked, html) {
  const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
  const toasts = content.querySelector("[data-toasts]");
  const row = document.getElementById(asked.id) ?? asked;
  const cell = row.querySelector(".cell-action");
  row.dataset.toast = toasts.firstElementChild.id;
  row.classList.add("is-released");
  toasts.remove();
  document.getElementById("toasts").append(...toasts.children);
  page.keepSize(cell);
  page.endRow(row, content.querySelector("[data-word]").textContent);
  page.settle(row, null, { forKeys: true });
  cell.replaceChildren(content);
  (cell.querySelector("button") ?? row.querySelector("a")).focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("list-changed"));
}

/** Once its toast has gone and nobody points at it or has the focus there, the row goes too. */
function sweep() {
  for (const row of document.querySelectorAll("tr.is-released")) {
    const isTold = document.getElementById(row.dataset.toast) !== null;
    if (!isTold && !page.isInUse(row.parentElement)) row.remove();
  }
}

customElements.define("release-rows", ReleaseRows);
