// Solves the proof of work (ALTCHA 2, PBKDF2) while a person fills in the form.

const encoder = new TextEncoder();
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive(parameters, counter) {
  const nonce = bytes(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const salt = bytes(parameters.salt);
  const options = { name: "PBKDF2", hash: "SHA-256", salt, iterations: parameters.cost };
  return hex(await crypto.subtle.deriveBits(options, key, parameters.keyLength * 8));
}

async function solve(input) {
  const response = await fetch(input.dataset.petitionProof, { cache: "no-store" });
  if (!response.ok) return;
  const challenge = await response.json();
  for (let counter = 0; ; counter += 1) {
    // eslint-disable-next-line no-await-in-loop -- in parallel they would block the processor
    const derivedKey = await derive(challenge.parameters, counter);
    if (derivedKey.startsWith(challenge.parameters.keyPrefix)) {
      const payload = JSON.stringify({ challenge, solution: { counter, derivedKey } });
      input.value = btoa(String.fromCharCode(...encoder.encode(payload)));
      return;
    }
  }
}

function watch(input) {
  const { form } = input;
  let solving;
  let tried = false;
  // Offline there is no challenge. The next press requests it again.
  const start = () => {
    if (!input.value) solving ??= solve(input).catch(() => {});
    return solving;
  };
  form.addEventListener("focusin", start);
  form.addEventListener("submit", async (event) => {
    // Without a solution the server says what to do, and keeps everything typed.
    if (input.value || tried) {
      tried = false;
      return;
    }
    event.preventDefault();
    await start();
    solving = undefined;
    tried = true;
    form.requestSubmit();
  });
  // A proof that the browser restores after Back has already been used.
  addEventListener("pageshow", (event) => {
    if (event.persisted) input.value = "";
  });
  input.value = "";
}

document.querySelectorAll("[data-petition-proof]").forEach(watch);
