/* What the petition page does beyond HTML. Everything works without it, more slowly or plainly. */

const $ = (selector, root = document) => root.querySelector(selector);

/* The form */

function watchForm(form) {
  // The letter is from whom the form says.
  const signer = $("[data-petition-signer]");
  const names = ["given_name", "family_name"].map((name) => form.elements[name]).filter(Boolean);
  const unsigned = signer?.textContent;
  const showSigner = () => {
    // A lone dash says that there is no last name.
    const isName = (value) => value && !/^\p{Pd}$/u.test(value);
    const name = names.map((input) => input.value.trim()).filter(isName).join(" ");
    signer.textContent = name || unsigned;
  };
  if (signer) {
    for (const input of names) input.addEventListener("input", showSigner);
    showSigner();
  }

  // Where the signer came from: the word a shared link carries.
  const source = new URLSearchParams(location.search).get("source");
  if (source && !form.elements.source.value) form.elements.source.value = source;

  addEventListener("pageshow", () => signer && showSigner());
}

/* Sending */

const PRESSED_TWICE = 3000;

function watchSending(form) {
  const [visit] = performance.getEntriesByType("navigation");
  let sentAt = -Infinity;
  // On the document: last of all, so that a submission which another script stopped is none.
  document.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    const now = performance.now();
    // Who stopped a slow answer may press the button again a little later.
    if (now - sentAt < PRESSED_TWICE) {
      event.preventDefault();
      return;
    }
    sentAt = now;
    // Since the browser asked for the page, however late this script came. Who comes back to a
    // form that is filled in has seen it before.
    const { elapsed } = form.elements;
    if (elapsed) elapsed.value = visit?.type === "navigate" ? Math.round(now) : "";
  });
  addEventListener("pageshow", () => {
    sentAt = -Infinity;
  });
}

// Beside the text a form higher than the window stays with its end in view when one scrolls down,
// and with its start when one scrolls up.
function keepInView(card) {
  const space = parseFloat(getComputedStyle(card).scrollMarginBlockStart);
  let top = space;
  let scrolled = scrollY;
  const place = () => {
    const lowest = Math.min(space, innerHeight - card.offsetHeight - space);
    top = Math.max(lowest, Math.min(space, top + scrolled - scrollY));
    scrolled = scrollY;
    card.style.top = `${top}px`;
  };
  addEventListener("scroll", place, { passive: true });
  addEventListener("resize", place, { passive: true });
  place();
}

function showErrors(summary) {
  // A site's base without a title block has none that says so.
  const prefix = summary.dataset.petitionErrors;
  if (!document.title.startsWith(prefix)) document.title = `${prefix} ${document.title}`;
  summary.focus();
}

/* The count */

const SOONEST = 20_000;
const LATEST = 15 * 60_000;

function watchCount(box) {
  const number = $(".petition-count strong", box);
  const bar = $("progress", box);
  const goal = $("#petition-goal", box);
  let count = bar.value;
  let wait = SOONEST;
  let timer;

  const show = (value) => {
    count = value;
    number.textContent = String(value).replace(/\B(?=(\d{3})+$)/g, box.dataset.separator);
    bar.value = value;
    // Which goal comes next, the page says when it is loaded again.
    bar.hidden = value >= bar.max;
    goal.hidden = bar.hidden;
  };

  const refresh = async () => {
    try {
      const response = await fetch(box.dataset.petitionCount, { credentials: "omit" });
      if (!response.ok) throw new Error(response.status);
      const fresh = (await response.json()).count;
      wait = fresh === count ? Math.min(wait * 2, LATEST) : SOONEST;
      if (fresh !== count) show(fresh);
    } catch {
      // Offline, or a busy server: the count that is shown was true, and we ask less often.
      wait = Math.min(wait * 2, LATEST);
    }
    schedule();
  };

  const schedule = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(refresh, wait);
  };

  document.addEventListener("visibilitychange", schedule);
  schedule();
}

/* Sharing: buttons that only a script can serve are hidden until there is one.

   <button hidden data-petition-share data-text="…" data-url="…">   the device's own share sheet
   <button hidden data-petition-copy="…" data-done="Copied">        copy a text  */

function offerShare(button) {
  if (!navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    // A rejection means that the person changed their mind.
    navigator.share({ text: button.dataset.text, url: button.dataset.url }).catch(() => {});
  });
}

function offerCopy(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.petitionCopy);
    button.textContent = button.dataset.done;
  });
}

/* When somebody signed: finer than what the server says, whose page may come from a cache */

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

function tellAgo(time) {
  const seconds = Math.max(1, (Date.now() - Date.parse(time.dateTime)) / 1000);
  if (seconds >= 7 * 86_400) return;
  const [unit, length] = UNITS.find((entry) => seconds >= entry[1]);
  const words = new Intl.RelativeTimeFormat(time.closest("[lang]").lang);
  time.textContent = words.format(-Math.floor(seconds / length), unit);
}

const each = (selector, run) => document.querySelectorAll(selector).forEach((el) => run(el));

each(".petition-page > .petition-card", keepInView);
each("[data-petition-form]", watchForm);
each(".petition form[method=post]", watchSending);
each("[data-petition-errors]", showErrors);
each("[data-petition-count]", watchCount);
each("[data-petition-share]", offerShare);
each("[data-petition-copy]", offerCopy);
each("[data-petition-ago]", tellAgo);
