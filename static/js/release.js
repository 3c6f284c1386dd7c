/* The Release buttons of a list of sessions (rows with data-session).
 *
 * A released row keeps its place, as "Released · Put back", while its toast can be seen: what is under the pointer
 * does not become another person's row. It is gone (data-session) at once all the same. The focus goes to
 * its button. The rest of the list (counts, pages) is asked for at once. A release that fails says so.
 */
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const row = detail.target.closest?.("tr[data-session]");
  if (!row || !detail.shouldSwap) return;
  row.dataset.released = row.dataset.session;
  row.classList.add("is-released");
  page.keepSize(detail.target);
  page.endRow(row, new DOMParser().parseFromString(detail.serverResponse, "text/html").querySelector("[data-word]").textContent);
  page.settle(row);
  setTimeout(() => {
    (row.querySelector(".cell-action button") ?? row.querySelector("a")).focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("list-changed"));
  });
});

/* Once its toast has gone and nobody points at it or has the focus there, the row goes too. */
setInterval(() => {
  for (const row of document.querySelectorAll("tr.is-released")) {
    const isTold = document.getElementById(`released-${row.dataset.released}`) !== null;
    if (!isTold && !page.isInUse(row.parentElement)) row.remove();
  }
}, 1000);

for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, ({ detail }) => {
    if (detail.xhr?.status === page.STALE) return;
    const words = document.getElementById("release-failed");
    if (words) document.getElementById("toasts").append(document.importNode(words.content, true));
  });
}
