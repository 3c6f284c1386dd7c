/* <secret-field> around a masked value and the form that reveals it.
 *
 *   <secret-field>
 *     <code data-secret>••••7Q2X</code>
 *     <form method="post" action="…/reveal/">…<button>Reveal</button></form>
 *     <button type="button" data-hide hidden>Hide</button>
 *   </secret-field>
 *
 * Posts the form asking for JSON. {"value": "…"} is shown for 30 seconds, with a copy button if there is
 * one inside, and then masked again; it is nowhere in the page before or after. Any other answer (password
 * wanted, not allowed) and a browser without scripts get the form's own page.
 */
const SHOWN_FOR = 30_000;

class SecretField extends HTMLElement {
  connectedCallback() {
    this.secret = this.querySelector("[data-secret]");
    this.mask = this.secret.textContent;
    this.form = this.querySelector("form");
    this.hideButton = this.querySelector("[data-hide]");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.reveal();
    });
    this.hideButton?.addEventListener("click", () => this.conceal());
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  async reveal() {
    const value = await this.fetchValue();
    if (value === null) return this.form.submit();
    this.show(value, true);
    this.hideButton?.focus();
    this.timer = setTimeout(() => this.conceal(), SHOWN_FOR);
  }

  async fetchValue() {
    try {
      const response = await page.ask(this.form.action, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      return response.ok ? (await response.json()).value : null;
    } catch {
      return null;
    }
  }

  conceal() {
    clearTimeout(this.timer);
    const hadFocus = this.contains(document.activeElement);
    this.show(this.mask, false);
    if (hadFocus) this.form.querySelector("button").focus();
  }

  show(text, isRevealed) {
    this.secret.textContent = text;
    this.classList.toggle("is-revealed", isRevealed);
    this.form.hidden = isRevealed;
    if (this.hideButton) this.hideButton.hidden = !isRevealed;
    const copy = this.querySelector("copy-button");
    copy?.setAttribute("value", isRevealed ? text : "");
    if (copy) copy.hidden = !isRevealed;
  }
}

customElements.define("secret-field", SecretField);
