// Shows a preview of the cover letter while typing, the columns if they can be chosen, and what
// concerns the PDF if there will be one.

const preview = document.querySelector("[data-petition-placeholders]");
const letter = document.querySelector("[name=cover_letter]");
const target = preview.querySelector(".petition-letter-paragraphs");
const values = Array.from(preview.querySelectorAll("code[data-value]"), (code) => [
  code.textContent,
  code.dataset.value,
]);

function show() {
  const text = values.reduce((all, [name, value]) => all.replaceAll(name, value), letter.value);
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim());
  target.replaceChildren(
    ...paragraphs.map((paragraph) =>
      Object.assign(document.createElement("p"), { textContent: paragraph }),
    ),
  );
}

letter.addEventListener("input", show);
show();

// With another choice, columns would be refused. So they are neither shown nor sent.
const columns = document.querySelector(".petition-columns");
const presets = document.querySelectorAll("[name=preset]");

function showColumns() {
  const isCustom = document.querySelector("[name=preset]:checked")?.value === "custom";
  const isLeftOut = !isCustom && !columns.querySelector(".error-message");
  columns.hidden = isLeftOut;
  columns.disabled = isLeftOut;
}

presets.forEach((preset) => preset.addEventListener("change", showColumns));
showColumns();

// What is hidden here is sent all the same, so that nothing typed is lost.
const pdf = document.querySelector("[name=formats][value=pdf]");
const ofPdf = ["paper", "cover_letter", "breakdowns"].flatMap(
  (field) => document.querySelector(`[name=${field}]`)?.closest(".w-field__wrapper") ?? [],
);

function showPdf() {
  [...ofPdf, preview].forEach((part) => {
    part.hidden = !pdf?.checked && !part.querySelector(".error-message");
  });
}

document
  .querySelectorAll("[name=formats]")
  .forEach((format) => format.addEventListener("change", showPdf));
showPdf();
