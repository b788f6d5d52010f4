// Keys in the queue of messages. They work while a message or one of its buttons has the focus,
// and not elsewhere, so that they don't get in the way.
(() => {
  const form = document.querySelector("[data-petition-messages]");
  if (!form) return;
  const messages = [...form.querySelectorAll("li[id^='message-']")];

  const focus = (message) => message && message.focus();
  const press = (message, verb) => message.querySelector(`button[name='${verb}']`)?.click();

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const message = event.target.closest("li[id^='message-']");
    if (!message) return;
    const at = messages.indexOf(message);
    const act = {
      j: () => focus(messages[at + 1]),
      k: () => focus(messages[at - 1]),
      /* eslint-disable id-length -- the keys to press */
      a: () => press(message, "show"),
      r: () => press(message, "hide"),
      /* eslint-enable id-length */
    }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // After a decision the URL contains the next message. Wagtail shows its pages only when they are
  // loaded, and hidden elements can't get the focus.
  const next = location.hash && document.getElementById(location.hash.slice(1));
  if (next) window.addEventListener("load", () => next.focus());
})();
