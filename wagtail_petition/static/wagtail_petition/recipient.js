// Shows the field for the recipient's name only if "Other recipient" is chosen.

const name = document.querySelector("[name=other_recipient]");
const field = name.closest(".w-field__wrapper");
const recipients = document.querySelectorAll("[name=recipient]");

function show() {
  const isOther = document.querySelector("[name=recipient]:checked")?.value === "other";
  // With another choice, a name would be refused. So it is neither shown nor sent.
  const isHidden = !isOther && !field.querySelector(".error-message");
  field.hidden = isHidden;
  name.disabled = isHidden;
}

recipients.forEach((recipient) => recipient.addEventListener("change", show));
show();
