// Shows how many signers would get the update, and in which languages, whenever a field changes.

const form = document.querySelector("[data-petition-audience]");
const shown = form?.querySelector("[data-petition-recipients]");
let asked = 0;
let waiting;

async function count() {
  asked += 1;
  const mine = asked;
  const chosen = new URLSearchParams(new FormData(form));
  chosen.delete("csrfmiddlewaretoken");
  const response = await fetch(`${form.dataset.petitionAudience}?${chosen}`);
  // A later change was faster, or the session has ended.
  if (mine !== asked || !response.ok) return;
  shown.innerHTML = await response.text();
}

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(count, 400);
  });
  form.addEventListener("change", count);
  count();
}
