// Types in a paper sheet: each line is sent when it is left, one after another. Enter goes to the
// next line. What can't be saved stays in its fields, with the reason beside it.

const form = document.querySelector("[data-petition-sheet]");
const said = document.querySelector("[data-petition-said]");
const total = document.querySelector("[data-petition-count]");
const next = document.querySelector("[data-petition-next]");
// Typed, and not sent yet or not saved.
const unsaved = new Set();
let queue = Promise.resolve();

if (form) start();

function start() {
  form.addEventListener("keydown", goOn);
  form.addEventListener("input", change);
  form.addEventListener("focusout", leave);
  form.addEventListener("click", undo);
  form.addEventListener("submit", saveAll);
  window.addEventListener("online", saveAgain);
  window.addEventListener("beforeunload", (event) => {
    if (getRows().some(isAtStake)) event.preventDefault();
  });
  // Lines that a form without this script could not save.
  getRows().filter((row) => !isSaved(row) && !isEmpty(row)).forEach((row) => unsaved.add(row));
  focus(getRows().find((row) => !isSaved(row)));
}

function getRows() {
  return [...form.querySelectorAll("tbody [data-petition-line]")];
}

function getRow(event) {
  return event.target.closest("[data-petition-line]");
}

function getFields(row) {
  return [...row.querySelectorAll("[data-name]")];
}

function isSaved(row) {
  return row.classList.contains("petition-saved");
}

function isEmpty(row) {
  return getFields(row).every((field) => field.type === "checkbox" || !field.value.trim());
}

// Whether what was typed is neither saved nor known.
function isAtStake(row) {
  return unsaved.has(row) || ["saving", "failed", "refused", "possible"].includes(row.dataset.state);
}

function focus(row) {
  row?.querySelector("[data-name]").focus();
}

function goOn(event) {
  const row = getRow(event);
  if (event.key !== "Enter" || event.isComposing || !row || event.target.matches("button")) return;
  event.preventDefault();
  if (event.target.closest("[data-petition-tick]")) event.target.checked = true;
  if (!isSaved(row) && !isEmpty(row)) unsaved.add(row);
  save(row);
  focus(getNext(row));
}

// The next line that isn't saved. The sheet grows as needed.
function getNext(row) {
  const rows = getRows();
  const found = rows.slice(rows.indexOf(row) + 1).find((other) => !isSaved(other));
  if (found || rows.length >= Number(form.dataset.lines)) return found;
  const html = next.innerHTML.replaceAll("__line__", rows.length + 1);
  form.querySelector("tbody").insertAdjacentHTML("beforeend", html);
  return getRows().at(-1);
}

function change(event) {
  const row = getRow(event);
  if (!row || isSaved(row)) return;
  if (event.target.closest("[data-petition-tick]")) {
    if (!event.target.checked) return;
    unsaved.add(row);
    save(row);
    return;
  }
  if (isEmpty(row)) unsaved.delete(row);
  else unsaved.add(row);
  // Adds the next line, so that Tab can move to it.
  if (!isEmpty(row)) getNext(row);
}

function leave(event) {
  const row = getRow(event);
  if (row && !row.contains(event.relatedTarget)) save(row);
}

function saveAll(event) {
  event.preventDefault();
  saveAgain();
}

function saveAgain() {
  [...unsaved].forEach(save);
}

function undo(event) {
  const button = event.target.closest("[data-petition-undo]");
  if (!button) return;
  event.preventDefault();
  const row = getRow(event);
  ask(row, { undo: "1" }).then(() => {
    if (!isSaved(row)) focus(row);
  });
}

function save(row) {
  // A line that was refused is sent again only after a change, or when Enter is pressed in it.
  if (!unsaved.has(row) || isSaved(row) || isEmpty(row)) return;
  unsaved.delete(row);
  ask(row);
}

// Lines are sent in the order of typing, so that their numbers follow it.
function ask(row, more = {}) {
  getFields(row).forEach((field) => field.toggleAttribute("readonly", true));
  row.dataset.state = "saving";
  show(row, form.dataset.saving);
  queue = queue.then(() => send(row, more));
  return queue;
}

async function send(row, more) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const line = row.dataset.petitionLine;
  data.set("line", line);
  for (const [name, value] of Object.entries(more)) data.set(name, value);
  for (const field of getFields(row)) {
    if (field.type !== "checkbox") data.set(`${line}-${field.dataset.name}`, field.value);
    else if (field.checked) data.set(`${line}-${field.dataset.name}`, "on");
  }
  if (row.querySelector("[data-petition-tick] input").checked) data.set(`${line}-tick`, "on");
  try {
    const response = await fetch(window.location.pathname, { method: "POST", body: data });
    const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
    if (!response.ok || !isAnswer) {
      const isLoggedOut = response.redirected || response.status === 403;
      fail(row, isLoggedOut ? form.dataset.loggedOut : form.dataset.failed);
      return;
    }
    settle(row, await response.json());
  } catch {
    fail(row, form.dataset.failed);
  }
}

function fail(row, message) {
  // Undoing may fail too. Then the line stays saved.
  settle(row, { state: isSaved(row) ? "saved" : "failed", message });
}

function settle(row, { state, message, count }) {
  const isDone = state === "saved";
  const tick = row.querySelector("[data-petition-tick]");
  row.dataset.state = state;
  row.classList.toggle("petition-saved", isDone);
  for (const field of getFields(row)) {
    field.toggleAttribute("readonly", isDone);
    if (field.type === "checkbox") field.disabled = isDone;
    if (isDone || state === "empty") field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
  }
  tick.hidden = state !== "possible";
  tick.querySelector("input").checked = false;
  row.querySelector("[data-petition-undo]").hidden = !isDone;
  if (state === "failed") unsaved.add(row);
  show(row, message);
  if (count) total.textContent = count;
  said.textContent = `${form.dataset.line} ${row.dataset.petitionLine}: ${message || count || ""}`;
}

function show(row, message) {
  row.querySelector("[data-petition-note]").textContent = message;
}
