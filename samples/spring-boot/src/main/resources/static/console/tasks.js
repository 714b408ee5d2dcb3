import { get, post } from './http.js';
import { byId, element, isBusy, setBusy, shorten, shortenUrl, timeOf } from './page.js';

const MAX_TASKS = 50;
const POLL_MILLIS = 3_000;
const COPIED_MILLIS = 1_500;

/** After these a task may have ended. */
const ENDING = new Set(['accepted', 'settled', 'repeated']);

/** The form that submits tasks, and the list of what it has submitted. */
export function tasks() {
  const form = byId('submit');
  const button = form.querySelector('button');
  const list = byId('tasks');
  const status = byId('submit-status');
  const known = new Map();
  let live = false;

  function say(text, failed = false) {
    status.textContent = text;
    status.classList.toggle('failed', failed);
  }

  async function submit() {
    setBusy(button, true);
    button.textContent = 'Submitting…';
    say('');
    try {
      const task = await post('demo/tasks', new URLSearchParams(new FormData(form)));
      add(task);
      say(`Task ${task.taskId} ${task.state === 'pending' ? 'submitted' : task.state}.`);
      await refresh(task.reference);
    } catch (failure) {
      say(failure.message, true);
    } finally {
      setBusy(button, false);
      button.textContent = 'Submit task';
    }
  }

  function add(task) {
    const item = taskItem(task);
    known.set(task.reference, item);
    list.prepend(item.element);
    list.scrollTop = 0;
    list.hidden = false;
    byId('tasks-empty').hidden = true;
    if (known.size > MAX_TASKS) {
      const [oldest, { element: oldestElement }] = known.entries().next().value;
      known.delete(oldest);
      oldestElement.remove();
    }
  }

  /** A verdict may have come before the answer to the submission, so every new task is asked for once, too. */
  async function refresh(reference) {
    const item = known.get(reference);
    if (!item || item.isComplete()) {
      return;
    }
    try {
      const task = await get(`demo/tasks/${encodeURIComponent(reference)}`);
      if (item.show(task.state, task.code)) {
        say(`Task ${task.taskId} ${task.state}.`);
      }
    } catch (failure) {
      if (failure.status === 404) {
        item.show('forgotten', null);
      }
    }
  }

  const refreshAll = () => known.forEach((item, reference) => refresh(reference));

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!isBusy(button)) {
      submit();
    }
  });
  form.addEventListener('change', () => onlyWhatGoesTogether(form));
  onlyWhatGoesTogether(form);

  setInterval(() => {
    if (!live) {
      refreshAll();
    }
  }, POLL_MILLIS);

  return {
    follow(event) {
      if (event.reference && ENDING.has(event.kind)) {
        refresh(event.reference);
      }
    },
    connection(state) {
      live = state === 'live';
      if (live) {
        refreshAll();
      }
    },
  };
}

/** The service refuses some combinations, and others mean nothing; the form does not offer them. */
function onlyWhatGoesTogether(form) {
  const { deliver, method, outcome, delay, code } = form.elements;
  const glued = deliver.value === 'glued';
  if (glued) {
    method.value = 'get';
  }
  method.querySelector('[value=post]').disabled = glued;
  code.disabled = outcome.value === 'unsolvable';
  delay.disabled = deliver.value === 'early';
  byId('callback-hint').textContent = (deliver.value === 'never' ? [deliver] : [deliver, method])
    .map(({ selectedOptions: [chosen] }) => chosen.dataset.hint)
    .join(' ');
}

function taskItem(task) {
  const badge = element('span', { class: 'badge' });
  const answer = element('span', { class: 'task-answer' });
  const copy = element('button', { type: 'button', class: 'small' }, 'Copy URL');
  copy.addEventListener('click', () => copyUrl(copy, task.callbackUrl));
  let state = '';
  let complete = false;

  /** Tells whether that is news. */
  function show(newState, code) {
    const changed = newState !== state;
    state = newState;
    complete = code !== null || newState === 'forgotten';
    badge.textContent = newState;
    badge.dataset.state = newState;
    answer.replaceChildren(...answerOf(newState, code));
    answer.hidden = !answer.hasChildNodes();
    return changed && newState !== 'pending';
  }
  show(task.state, null);

  return {
    isComplete: () => complete,
    show,
    element: element('li', {},
      element('p', { class: 'task-head' },
        badge,
        element('span', {}, 'Task ', element('code', {}, task.taskId)),
        answer,
        timeOf(Date.now(), 0)),
      element('p', { class: 'task-url' },
        element('code', {}, shortenUrl(task.callbackUrl)),
        copy)),
  };
}

function answerOf(state, code) {
  if (state === 'forgotten') {
    return ['The demo no longer knows this task. It was started anew.'];
  }
  if (code === null) {
    return [];
  }
  return [state === 'failed' ? 'Error ' : 'Answer ', element('code', {}, shorten(code, 24))];
}

async function copyUrl(button, url) {
  try {
    await navigator.clipboard.writeText(url);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not copied';
  }
  byId('submit-status').textContent = button.textContent === 'Copied'
    ? 'The whole callback URL is in the clipboard.'
    : 'The browser does not let this page use the clipboard.';
  setTimeout(() => {
    button.textContent = 'Copy URL';
  }, COPIED_MILLIS);
}
