/* <passkey-form> around a form with a hidden field named "credential" and a hidden submit button.
 *
 * data-options names the element whose JSON says what to ask of the browser; with data-options-url
 * it is fetched first. data-failed is said in the [role=alert] when no passkey was given. Where the
 * browser knows no passkeys the button stays hidden and a [data-without-passkeys] stays in sight.
 */
class PasskeyForm extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
    this.form = this.querySelector("form");
    this.form.querySelector("[type=submit]").hidden = false;
    this.querySelector("[data-without-passkeys]")?.remove();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
  }

  async ask() {
    this.alert("");
    try {
      const credential = await this.credential(await this.options());
      this.form.elements.credential.value = JSON.stringify(credential.toJSON());
    } catch {
      this.alert(this.dataset.failed);
      return;
    }
    this.form.submit();
  }

  async options() {
    if (!this.dataset.optionsUrl) return JSON.parse(document.getElementById(this.dataset.options).textContent);
    const response = await fetch(this.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  }

  credential({ creation_options: creation, request_options: request }) {
    if (request) {
      return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(request.publicKey) });
    }
    const wanted = creation.publicKey;
    Object.assign(wanted.authenticatorSelection, { residentKey: "required", requireResidentKey: true });
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) });
  }

  alert(text) {
    const place = this.querySelector("[role=alert]");
    place.textContent = text;
    place.hidden = !text;
  }
}

customElements.define("passkey-form", PasskeyForm);
