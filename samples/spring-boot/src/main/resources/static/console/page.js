/** Small things that every part of the page needs. Text only ever becomes text, never markup. */

export const byId = (id) => document.getElementById(id);

/** Makes an element; a child that is no element becomes text. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/**
 * Marks a button as busy or not. It stays focusable, since a disabled button loses the focus of who has just pressed it.
 */
export function setBusy(button, busy) {
  if (busy) {
    button.setAttribute('aria-disabled', 'true');
  } else {
    button.removeAttribute('aria-disabled');
  }
}

export const isBusy = (button) => button.getAttribute('aria-disabled') === 'true';

/** Cuts the middle out of what is longer than `head` and `tail` characters. */
export function shorten(text, head, tail = 0) {
  return text.length > head + tail + 1 ? `${text.slice(0, head)}…${text.slice(text.length - tail)}` : text;
}

/** Shows a callback URL with its token shortened, wherever in the URL the token stands. */
export function shortenUrl(url) {
  const path = url.indexOf('/', url.indexOf('://') + 3);
  if (path < 0) {
    return url;
  }
  return url.slice(0, path) + url.slice(path).replace(/[\w.~-]{40,}/g, (token) => shorten(token, 14, 6));
}

/** Shows a point in time as the time of day, with as many digits behind the seconds as `digits` says, 0 to 3. */
export function timeOf(instant, digits) {
  const date = new Date(instant);
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', ...(digits && { fractionalSecondDigits: digits }) };
  return element('time', { datetime: date.toISOString() }, date.toLocaleTimeString('en-GB', clock));
}
