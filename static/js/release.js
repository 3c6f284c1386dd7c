/* The Release buttons of a list of sessions (rows with data-session).
 *
 * When a row has gone, the next one moves up under the pointer: the second click of a double-click must not
 * release somebody else, so it does nothing. Focus goes on to the next row, never to its Release button. The
 * rest of the list (counts, pages) is asked for at once. A release that fails says so.
 */
const rowOf = (element) => element?.closest?.("tr[data-session]");

document.addEventListener(
  "click",
  (event) => {
    if (event.detail < 2 || !rowOf(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const row = rowOf(detail.target);
  if (!row || !detail.shouldSwap) return;
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  const hadFocus = row.contains(document.activeElement) || document.activeElement === document.body;
  setTimeout(() => {
    if (hadFocus) (neighbour?.querySelector("a") ?? document.getElementById("main")).focus({ preventScroll: true });
    const list = document.querySelector("live-rows");
    if (list && !list.paused) list.refresh();
  }, 50);
});

for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, () => {
    const words = document.getElementById("release-failed");
    if (words) document.getElementById("toasts").append(document.importNode(words.content, true));
  });
}
