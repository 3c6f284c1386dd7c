/* Single keys for the whole page. Loaded only for people who have not turned them off on their profile.
 *
 * Those below, and "g" before the data-key of a link of the navigation, which it follows. "r" goes to a row's
 * Release button and presses nothing. None while something is typed or chosen in a field, with Ctrl, Alt or Meta,
 * or while a dialog is open.
 */
const AFTER_G = 2000;
const FIELDS = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
const main = document.getElementById("main");
let lastRow = null;
let wentAt = -AFTER_G;

document.addEventListener("focusin", ({ target }) => {
  const row = target.closest("#main tbody tr");
  if (row) lastRow = row;
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest(FIELDS) || document.querySelector("dialog[open]")) return;
  const isAfterG = event.timeStamp - wentAt < AFTER_G;
  wentAt = -AFTER_G;
  if ((isAfterG && go(event.key)) || press(event)) event.preventDefault();
});

function go(key) {
  const link = document.querySelector(`.sidenav a[data-key="${CSS.escape(key)}"]`);
  link?.click();
  return link !== null;
}

/** Do what the key stands for; whether it stands for anything here. */
function press(event) {
  if (event.key === "g") wentAt = event.timeStamp;
  if (event.key === "/") return focusOn(document.getElementById("search-all"));
  if (event.key === "j") return goBy(1);
  if (event.key === "k") return goBy(-1);
  if (event.key === "x") return clickOn(currentRow()?.querySelector("input[name=chosen]"));
  if (event.key === "r") return focusOn((currentRow() ?? main).querySelector("button[id^=release-]"));
  if (event.key === "z") return clickOn([...document.querySelectorAll("#toasts [data-undo]")].at(-1));
  if (event.key === "e") return openExport();
  if (event.key === "?") return clickOn(document.getElementById("shortcuts-link"));
  return event.key === "g";
}

const currentRow = () => (lastRow?.isConnected ? lastRow : null);

function goBy(by) {
  const rows = [...main.querySelectorAll("tbody tr")].filter((row) => row.checkVisibility());
  const place = rows.indexOf(currentRow());
  const row = place < 0 ? rows[0] : rows[place + by];
  const link = row?.querySelector("a[data-drawer]") ?? row?.querySelector("a[href]");
  if (row && !link) row.tabIndex = -1;
  return focusOn(link ?? row);
}

function openExport() {
  const menu = main.querySelector("details.export-menu");
  if (menu) menu.open = true;
  return focusOn(menu?.querySelector("button"));
}

function focusOn(element) {
  element?.focus();
  return Boolean(element);
}

function clickOn(element) {
  element?.click();
  return Boolean(element);
}
