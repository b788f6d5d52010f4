/* What looks wrong within a petition as it is shown now: a list of sentences. */
() => {
  const wrong = new Set();
  const petition = document.querySelector(".petition, .sheet");
  // Its elements and sizes are those of print.
  const isPaper = petition.matches(".sheet");
  const all = (selector) => [...petition.querySelectorAll(selector)];
  const style = (el) => getComputedStyle(el);
  const name = (el) => `${el.localName}.${el.className || el.parentElement.className} in ${el.closest("[class]").parentElement.className}`;
  const isSeen = (el) => el.checkVisibility() && !el.closest(".petition-hidden, [aria-hidden]");

  // Red, green, blue from 0 to 255, and alpha.
  const colour = (text) => {
    const numbers = text.match(/-?[\d.]+(e-?\d+)?/g).map(Number);
    const [red, green, blue, alpha = 1] = numbers;
    const scale = text.startsWith("color(") ? 255 : 1;
    return [red * scale, green * scale, blue * scale, alpha];
  };
  const over = (above, below) =>
    [0, 1, 2].map((i) => above[i] * above[3] + below[i] * (1 - above[3])).concat(1);
  const grounds = new Map();
  const ground = (el) => {
    if (!el) return colour(style(document.documentElement).colorScheme.includes("dark") ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)");
    if (!grounds.has(el)) {
      grounds.set(el, over(colour(style(el).backgroundColor), ground(el.parentElement)));
    }
    return grounds.get(el);
  };
  const light = (rgb) => {
    const [red, green, blue] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (el) => {
    const [dark, bright] = [over(colour(style(el).color), ground(el)), ground(el)]
      .map(light)
      .sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };

  const texts = new Set(all("input:not([type=checkbox], [type=radio], [type=hidden]), select"));
  const walker = document.createTreeWalker(petition, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && !["OPTION", "SCRIPT"].includes(el.tagName)) texts.add(el);
  }
  for (const el of texts) {
    if (!isSeen(el)) continue;
    const size = parseFloat(style(el).fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style(el).fontWeight >= 700);
    const found = contrast(el);
    if (found < (isLarge ? 3 : 4.5)) {
      wrong.add(`${name(el)}: contrast ${found.toFixed(2)}, ${style(el).color}`);
    }
    if (size < 14 && !isPaper) wrong.add(`${name(el)}: ${size} px`);
  }

  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) wrong.add(`${scrollWidth} px wide`);

  if (isPaper) return [...wrong];

  const check = (selector, says, isRight) => {
    for (const el of all(selector)) {
      if (isSeen(el) && !isRight(style(el), el)) wrong.add(`${name(el)}: ${says}`);
    }
  };
  const noBorder = (css) => ["Top", "Right", "Bottom", "Left"].every((side) => css[`border${side}Width`] === "0px");
  const plain = (css) => noBorder(css) && css.backgroundColor === "rgba(0, 0, 0, 0)";
  check("summary", "no marker", (css) =>
    css.display === "list-item" && css.listStyleType.startsWith("disclosure") && css.listStylePosition === "inside");
  check("[hidden]", "shown", () => false);
  check(".petition-choice label, dt", "bold", (css) => css.fontWeight <= 400);
  check("dt, dd, ol, ul, li, form, figure:not(.petition-quote), p:not([class])", "a box", (css, el) =>
    plain(css) || el.matches(".petition-notice") || el.parentElement.matches(".petition-links, .petition-updates"));
  check("legend", "not as a label", (css, el) => {
    const label = style(petition.querySelector(".petition-field > label"));
    return css.float === "none" && plain(css) && ["fontSize", "color", "fontWeight", "paddingLeft"].every((key) => css[key] === label[key]);
  });
  check(".petition-quote blockquote", "two bars", (css) => plain(css) && css.paddingInlineStart === "0px");
  check("blockquote", "foreign signs", (css, el) => getComputedStyle(el, "::before").content === "none");
  check("ul > li:not(.petition-events > *)", "foreign signs", (css, el) => getComputedStyle(el, "::before").content === "none");
  check("h1, h2", "faked bold", (css) => css.fontSynthesisWeight === "none" && css.fontWeight === "700");
  check("h1", "too large or small", (css) => parseFloat(css.fontSize) >= 24 && parseFloat(css.fontSize) <= 50);
  check("h2", "too large or small", (css) => parseFloat(css.fontSize) >= 17 && parseFloat(css.fontSize) <= 24);
  check("h1, h2, p, dd, li", "foreign margin", (css, el) => parseFloat(css.marginTop) <= 32 && parseFloat(css.marginInlineStart) === 0);
  check(".petition-button, .petition-field > :is(input, select)", "small", (css, el) => el.offsetHeight >= 44);
  check("form > button", "touches what is above", (css, el) => {
    const above = [...el.parentElement.children].slice(0, -1).filter((other) => other !== el && isSeen(other)).pop();
    return !above || el.getBoundingClientRect().top - above.getBoundingClientRect().bottom >= 6;
  });
  check("[type=checkbox], [type=radio]", "no box", (css, el) =>
    css.appearance === "auto" && el.offsetWidth >= 20 && el.offsetWidth <= 28 && Math.abs(el.offsetHeight - el.offsetWidth) < 2);
  check("figure, figcaption, p, label, legend", "aligned by the site", (css) => css.textAlign === "start");
  check(".petition-choice > input", "not beside its words", (css, el) => {
    const box = el.getBoundingClientRect();
    let first = el.nextElementSibling;
    while (first.firstChild) first = first.firstChild;
    const words = new Range();
    words.selectNode(first);
    const line = words.getClientRects()[0];
    return Math.abs(box.top + box.bottom - line.top - line.bottom) <= 5;
  });
  check("p > a", "no underline", (css, el) => el.className || css.textDecorationLine === "underline");
  check(".petition-page p, .petition-step p", "long lines", (css, el) => el.offsetWidth / parseFloat(css.fontSize) <= 42);
  check("*", "outside of the page", (css, el) => {
    const box = el.getBoundingClientRect();
    return !box.width || css.position === "absolute" || (box.left >= -1 && box.right <= innerWidth + 1);
  });
  return [...wrong];
}
