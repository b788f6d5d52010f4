// Suggests the subject and the text in the chosen language, unless they were edited.

const texts = JSON.parse(document.querySelector("#petition-texts").textContent);
const form = document.querySelector("#w-editor-form");
const { language } = form.elements;

// Text areas have line breaks of their own.
const plain = (text) => text.replaceAll("\r\n", "\n");

language.addEventListener("change", () => {
  for (const name of ["subject", "text"]) {
    const field = form.elements[name];
    const suggestions = Object.values(texts).map((each) => plain(each[name]));
    if (suggestions.includes(plain(field.value))) {
      field.value = texts[language.value][name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
});
