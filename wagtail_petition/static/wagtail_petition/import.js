// Shows the fields for a pasted text only if the text is none of those stored.

const choice = document.querySelector("[name=signed_text]");
const pasted = ["title", "letter", "consent_text"].map((name) =>
  document.querySelector(`[name=${name}]`),
);

function show() {
  const isOther = choice.value === "other";
  for (const input of pasted) {
    const field = input.closest(".w-field__wrapper");
    // With another choice, a text would be refused. So it is neither shown nor sent.
    field.hidden = !isOther && !field.querySelector(".error-message");
    input.disabled = field.hidden;
  }
}

choice.addEventListener("change", show);
show();
