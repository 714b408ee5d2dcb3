import { byId, element, shorten, timeOf } from './page.js';

const MAX_ROWS = 200;
const MAX_EVENTS = 1_000;

/** A flood is drawn in strokes. */
const DRAW_MILLIS = 80;
const TALLY_MILLIS = 1_000;

const NAMES = {
  storefailed: 'store failed',
  allowfilereloaded: 'allow file reloaded',
  allowfilekept: 'allow file kept',
  retryscheduled: 'tried again later',
  dead: 'dead letter',
};

const VERDICTS = ['accepted', 'repeated', 'refused'];

/** Steps that the page shows with the verdicts only when asked to. */
const STEPS = {
  issued: 'A callback URL was issued',
  bound: 'The service has told the task’s id',
  settled: 'The application has the answer',
  delivered: 'The handler has succeeded',
  retryscheduled: 'The handler failed, and is called again',
  abandoned: 'The submission failed, nobody waits any more',
  released: 'The application failed, the callback may come again',
};

const CONNECTION = {
  connecting: 'Connecting',
  live: 'Live',
  quiet: 'Waiting for the first event',
  retrying: 'Out of reach, trying again',
};

/** The table of verdicts. */
export function verdicts() {
  const rows = byId('verdict-rows');
  const pause = byId('pause');
  const steps = byId('steps');
  let events = [];
  let waiting = [];
  let tally = {};
  let paused = false;
  let drawing = 0;
  let telling = 0;

  const isShown = (event) => steps.checked || !(event.kind in STEPS);

  function draw() {
    drawing = 0;
    if (paused) {
      const held = waiting.filter(isShown).length;
      pause.textContent = held > 0 ? `Resume, ${held} new` : 'Resume';
      return;
    }
    const shown = waiting.filter(isShown).slice(-MAX_ROWS);
    events = [...events, ...waiting].slice(-MAX_EVENTS);
    waiting = [];
    rows.prepend(...shown.reverse().map((event) => row(event, true)));
    while (rows.children.length > MAX_ROWS) {
      rows.lastElementChild.remove();
    }
    showEmptiness();
  }

  function redraw() {
    rows.replaceChildren(...events.filter(isShown).slice(-MAX_ROWS).reverse().map((event) => row(event, false)));
    showEmptiness();
  }

  function showEmptiness() {
    const empty = rows.children.length === 0;
    byId('verdicts-empty').hidden = !empty;
    byId('verdict-scroll').hidden = empty;
  }

  function tell() {
    telling = 0;
    byId('tally').textContent = VERDICTS.filter((kind) => tally[kind] > 0)
      .map((kind) => `${tally[kind]} ${kind}`)
      .join(', ');
  }

  pause.addEventListener('click', () => {
    paused = !paused;
    pause.textContent = paused ? 'Resume' : 'Pause';
    draw();
  });
  byId('clear').addEventListener('click', () => {
    events = [];
    waiting = [];
    tally = {};
    tell();
    redraw();
    if (paused) {
      draw();
    }
  });
  steps.addEventListener('change', redraw);

  return {
    add(event) {
      waiting = [...waiting, event].slice(-MAX_EVENTS);
      tally[event.kind] = (tally[event.kind] ?? 0) + 1;
      drawing ||= setTimeout(draw, DRAW_MILLIS);
      telling ||= setTimeout(tell, TALLY_MILLIS);
    },
    connection(state) {
      const shown = byId('connection');
      shown.dataset.state = state;
      shown.textContent = CONNECTION[state];
    },
  };
}

function row(event, fresh) {
  return element('tr', { role: 'row', 'data-kind': event.kind, ...(fresh && { class: 'fresh' }) },
    cell('time', timeOf(event.at, 3)),
    cell('what', ...what(event)),
    cell('check', ...check(event)),
    cell('reference', reference(event)),
    cell('number', ...took(event)));
}

function cell(name, ...content) {
  return element('td', { role: 'cell', class: name }, ...content);
}

function what({ kind, status }) {
  const name = NAMES[kind] ?? kind;
  return status === undefined
    ? [name]
    : [element('span', { class: 'code', 'data-class': Math.floor(status / 100) }, status), ` ${name}`];
}

function check({ kind, check: failed, detail }) {
  const [title, text] = failed ? [failed, detail]
    : kind === 'accepted' ? ['every check passed', detail]
      : kind === 'repeated' ? ['a genuine repeat', 'Answered, and not handed on']
        : [detail, STEPS[kind]];
  return [
    title && element('span', { class: 'check-title' }, title),
    text && element('span', { class: 'check-text' }, text),
  ].filter(Boolean);
}

function reference({ kind, reference: whole }) {
  if (whole) {
    return element('code', { title: whole }, shorten(whole, 6));
  }
  return kind === 'refused' ? element('span', { title: 'Told only once the signature is verified' }, '–') : '';
}

/** The table's head has the unit, but where there is no room for a head, each row needs its own. */
function took({ micros }) {
  return micros === undefined ? [] : [micros.toLocaleString('en'), element('span', { class: 'unit' }, ' µs')];
}
