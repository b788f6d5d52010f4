/* Enhancements of the petition page. Everything works without this script. */

const $ = (selector, root = document) => root.querySelector(selector);

/* The form */

function watchForm(form) {
  // The letter shows the name from the form.
  const signer = $("[data-petition-signer]");
  const names = ["given_name", "family_name"].map((name) => form.elements[name]).filter(Boolean);
  const unsigned = signer?.textContent;
  const showSigner = () => {
    // A single dash means no last name.
    const isName = (value) => value && !/^\p{Pd}$/u.test(value);
    const name = names.map((input) => input.value.trim()).filter(isName).join(" ");
    signer.textContent = name ? name + whereFrom(form, signer.dataset) : unsigned;
  };
  if (signer) {
    const shown = signer.dataset.petitionVoter ? [...form.elements] : names;
    for (const input of shown) input.addEventListener("input", showSigner);
    showSigner();
  }
  narrowDistricts(form);
  offerRegions(form);

  // The source, from the shared link.
  const source = new URLSearchParams(location.search).get("source");
  if (source && !form.elements.source.value) form.elements.source.value = source;

  addEventListener("pageshow", () => signer && showSigner());
}

// The city and where the signer votes, if the letter shows it. The server says the same.
function whereFrom(form, { petitionVoter, petitionComma, petitionCountry }) {
  if (!petitionVoter) return "";
  const city = form.elements.city?.value.trim();
  const place = votingPlace(form, petitionCountry);
  return (
    (city ? petitionComma + city : "") + (place ? ` · ${petitionVoter.replace("{}", place)}` : "")
  );
}

function votingPlace(form, country) {
  const { home_tie: tie, home_region: region, home_district: district } = form.elements;
  if (tie?.value && tie.value !== "votes_there") return "";
  const isKnown = (select) => select?.options && select.value && select.value !== "?";
  if (isKnown(region)) return region.selectedOptions[0].text;
  if (isKnown(district)) return district.selectedOptions[0].parentElement.label;
  const typed = district && !district.options && district.value.trim();
  return typed || (tie?.value ? country : "");
}

// Only the chosen state's districts are shown. Without a state, or a script, all are.
function narrowDistricts(form) {
  const { home_region: region, home_district: district } = form.elements;
  if (!region || !district?.options) return;
  const groups = [...district.querySelectorAll("optgroup")];
  const narrow = () => {
    const own = groups.filter((group) => group.dataset.petitionRegion === region.value);
    for (const group of groups) group.remove();
    district.append(...(own.length ? own : groups));
    if (own.length && own[0].children.length === 1) own[0].children[0].selected = true;
  };
  region.addEventListener("change", narrow);
  addEventListener("pageshow", narrow);
}

// Where a country's regions are known, the text for the region becomes a select in the same place.
function offerRegions(form) {
  const { country, region } = form.elements;
  const url = region?.dataset.petitionRegions;
  if (!url || !country) return;
  const known = new Map();

  const offer = async ({ type }) => {
    const code = country.value;
    if (code && !known.has(code)) known.set(code, await loadRegions(url.replace("/XX/", `/${code}/`)));
    const shown = form.elements.region;
    // Another country may have been chosen meanwhile, and nobody is interrupted while typing.
    const isLate = country.value !== code || shown === document.activeElement;
    if (isLate || shown.dataset.petitionCountry === code) return;
    const next = makeRegion(region, known.get(code));
    const isKept = keepValue(next, shown);
    // A text in a form that the server shows again stays, even if it is no region.
    if (type === "pageshow" && !isKept) return;
    next.dataset.petitionCountry = code;
    shown.replaceWith(next);
  };

  country.addEventListener("change", offer);
  addEventListener("pageshow", offer);
}

// Undefined without a response. Then people type their region.
async function loadRegions(url) {
  try {
    const response = await fetch(url, { credentials: "omit" });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

// A field like the ``original``: a select of the regions, or a text without them.
function makeRegion(original, found) {
  const isSelect = found?.regions.length > 0;
  const made = document.createElement(isSelect ? "select" : "input");
  for (const { name, value } of original.attributes) {
    if (!["type", "value", "maxlength"].includes(name)) made.setAttribute(name, value);
  }
  if (isSelect) {
    made.add(new Option(found.prompt, ""));
    for (const { code, name } of found.regions) made.add(new Option(name, code));
  } else {
    made.type = "text";
  }
  return made;
}

// Copies the value to the new field. False if the new field can't have it.
function keepValue(next, shown) {
  const value = shown.options && shown.value ? shown.selectedOptions[0].text : shown.value;
  if (!value) return true;
  if (!next.options) {
    // A region chosen for another country isn't kept as text.
    if (!shown.options) next.value = value;
    return !shown.options;
  }
  const wanted = value.toLowerCase();
  const found = [...next.options].find(
    (option) => option.text.toLowerCase() === wanted || option.value.toLowerCase() === wanted,
  );
  if (found) next.value = found.value;
  return Boolean(found);
}

/* Sending */

const PRESSED_TWICE = 3000;

function watchSending(form) {
  const [visit] = performance.getEntriesByType("navigation");
  let sentAt = -Infinity;
  // On the document, so that it runs last and sees whether another script stopped the submission.
  document.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    const now = performance.now();
    // After stopping a slow request, the button can be pressed again a little later.
    if (now - sentAt < PRESSED_TWICE) {
      event.preventDefault();
      return;
    }
    sentAt = now;
    // The time since the browser requested the page, even if this script was loaded late. Empty
    // after Back or a reload, since the person has seen the form before.
    const { elapsed } = form.elements;
    if (elapsed) elapsed.value = visit?.type === "navigate" ? Math.round(now) : "";
  });
  addEventListener("pageshow", () => {
    sentAt = -Infinity;
  });
}

// Beside the text, a form higher than the window keeps its end in view when scrolling down, and its
// start when scrolling up.
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
  // If the base template has no title block, the title doesn't mention errors yet.
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
    // The next goal is shown when the page is loaded again.
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
      // Offline, or a busy server. The count stays, and is requested less often.
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

/* Sharing: buttons that need a script are hidden without it.

   <button hidden data-petition-share data-text="…" data-url="…">   the device's own share sheet
   <button hidden data-petition-copy="…" data-done="Copied">        copy a text  */

function offerShare(button) {
  if (!navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    // A rejection means that the person cancelled.
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

/* The time since somebody signed, more precise than on the page, which may be cached */

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
