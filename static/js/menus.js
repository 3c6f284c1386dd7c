/* <details class="menu">: closes on Escape (focus goes back to its button) and on a click elsewhere.
 *
 * Also puts away a state's explanation on Escape while it is hovered or focused.
 */
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  for (const state of document.querySelectorAll(".state:is(:hover, :focus)")) {
    state.classList.add("is-quiet");
    const again = () => state.classList.remove("is-quiet");
    state.addEventListener("pointerleave", again, { once: true });
    state.addEventListener("blur", again, { once: true });
  }
});
