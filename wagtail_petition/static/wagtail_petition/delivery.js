// Shows how the cover letter reads, while it is written.

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
