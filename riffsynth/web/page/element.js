// Elements, made in one line.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A button that does `action`. `label` is what a screen reader says where the text is a sign. */
export function button(text, action, { label, ...attributes } = {}) {
  const made = element("button", { type: "button", title: label, "aria-label": label, ...attributes }, text);
  made.addEventListener("click", action);
  return made;
}
