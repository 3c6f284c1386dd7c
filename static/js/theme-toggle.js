/* <theme-toggle> around a form whose buttons name="theme" post auto, light or dark.
 *
 * Shows the choice at once and saves it in the background; without scripts the form posts and comes back.
 */
class ThemeToggle extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose(event.submitter, event.target);
    });
  }

  choose(button, form) {
    document.documentElement.dataset.theme = button.value;
    for (const other of form.querySelectorAll("[name=theme]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" });
  }
}

customElements.define("theme-toggle", ThemeToggle);
