// The columns of an export: all or none of them at once, and their order, by dragging or by
// buttons. They are sent in the order shown. Files for other tools have columns of their own: then
// the fields for columns are hidden, and those for tools are shown.
(() => {
  const form = document.querySelector("[data-petition-columns]");
  const list = form?.querySelector("[name=columns]")?.closest("label").parentElement.parentElement;
  if (!list) return;
  const words = form.dataset;
  const items = () => [...list.children];

  const makeButton = (text, act, label = text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small button-secondary";
    button.textContent = text;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    return button;
  };

  const tick = (isTicked) => {
    for (const box of list.querySelectorAll("[name=columns]")) box.checked = isTicked;
  };
  const both = document.createElement("p");
  both.className = "petition-actions";
  both.append(
    makeButton(words.all, () => tick(true)),
    makeButton(words.none, () => tick(false)),
  );
  list.before(both);

  const move = (item, step, button) => {
    const all = items();
    const other = all[all.indexOf(item) + step];
    if (!other) return;
    if (step < 0) other.before(item);
    else other.after(item);
    button.focus();
  };

  for (const item of items()) {
    const name = item.textContent.trim();
    const up = makeButton("↑", () => move(item, -1, up), `${words.up}: ${name}`);
    const down = makeButton("↓", () => move(item, 1, down), `${words.down}: ${name}`);
    item.append(up, down);
    item.classList.add("petition-column");
    item.draggable = true;
  }

  const getItem = (event) => items().find((item) => item.contains(event.target));
  let dragged;
  list.addEventListener("dragstart", (event) => {
    dragged = getItem(event);
  });
  list.addEventListener("dragover", (event) => {
    const item = getItem(event);
    if (!dragged || !item || dragged === item) return;
    event.preventDefault();
    const isBelow = items().indexOf(dragged) < items().indexOf(item);
    if (isBelow) item.after(dragged);
    else item.before(dragged);
  });
  list.addEventListener("dragend", () => {
    dragged = undefined;
  });

  const tools = (words.tools ?? "").split(" ");
  const wrapper = (name) =>
    form.querySelector(`[name=${name}]`)?.closest("[data-field-wrapper]");
  const showFields = () => {
    const isTool = tools.includes(form.querySelector("[name=format]:checked")?.value);
    for (const name of ["columns", "preset_name", "is_shared"]) {
      wrapper(name)?.toggleAttribute("hidden", isTool);
    }
    for (const element of [
      wrapper("everyone"),
      wrapper("answers"),
      form.querySelector("[data-for-tools]"),
    ]) {
      element?.toggleAttribute("hidden", !isTool);
    }
  };
  form.addEventListener("change", showFields);
  showFields();
})();
