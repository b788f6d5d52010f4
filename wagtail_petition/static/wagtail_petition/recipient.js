// Asks for the name of another recipient only where "Other recipient" is chosen.

const name = document.querySelector("[name=other_recipient]");
const field = name.closest(".w-field__wrapper");
const recipients = document.querySelectorAll("[name=recipient]");

function show() {
  const isOther = document.querySelector("[name=recipient]:checked")?.value === "other";
  // Under another choice a name would be refused: it is neither shown nor sent then.
  const isHidden = !isOther && !field.querySelector(".error-message");
  field.hidden = isHidden;
  name.disabled = isHidden;
}

recipients.forEach((recipient) => recipient.addEventListener("change", show));
show();
