const POLL_MILLIS = 500;
const SHOWN_CHARACTERS = 24;

const tasks = document.querySelector('#tasks');
const problem = document.querySelector('#problem');

document.querySelector('#submit').addEventListener('submit', async (event) => {
  event.preventDefault();
  problem.textContent = '';
  try {
    const answer = await fetch('demo/tasks', { method: 'POST', body: new URLSearchParams(new FormData(event.target)) });
    const task = await answer.json();
    if (answer.status === 201) {
      show(task);
    } else {
      problem.textContent = task.error;
    }
  } catch (failure) {
    problem.textContent = `The webapp does not answer: ${failure.message}`;
  }
});

function show(task) {
  const row = document.querySelector('#task').content.cloneNode(true).firstElementChild;
  row.querySelector('.id').textContent = task.taskId;
  row.querySelector('.genuine').addEventListener('click', () => callBack(row, task, (url) => url));
  // Another last digit of the signature is another signature.
  row.querySelector('.forged').addEventListener('click', () =>
    callBack(row, task, (url) => url.slice(0, -1) + (url.endsWith('0') ? '1' : '0')));
  if (tasks.querySelector('[colspan]')) {
    tasks.replaceChildren();
  }
  tasks.prepend(row);
  update(row, task);
}

async function update(row, task) {
  const state = row.querySelector('.state');
  const code = row.querySelector('.code');
  let latest = task;
  try {
    for (;;) {
      latest = await (await fetch(`demo/tasks/${task.reference}`)).json();
      state.textContent = latest.state;
      state.className = `state ${latest.state}`;
      if (latest.state !== 'pending') {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
    code.textContent =
      latest.code.length > SHOWN_CHARACTERS ? `${latest.code.slice(0, SHOWN_CHARACTERS)}…` : latest.code;
    code.title = latest.code;
  } catch {
    state.textContent = 'The webapp does not answer';
  }
}

async function callBack(row, task, changed) {
  const verdict = row.querySelector('.verdict');
  // Whatever host the public URL names, it is this webapp that is called.
  const url = new URL(changed(task.callbackUrl));
  const answerOfMine = new URLSearchParams({ id: task.taskId, code: 'an-answer-of-mine' });
  const target = url.pathname + (url.search ? `${url.search}&` : '?') + answerOfMine;
  try {
    const answer = await fetch(target);
    verdict.textContent = `${answer.status} ${await answer.text()}`;
    verdict.className = `verdict ${answer.ok ? 'accepted' : 'refused'}`;
  } catch (failure) {
    verdict.textContent = failure.message;
  }
}
