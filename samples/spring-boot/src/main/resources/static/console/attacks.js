import { post } from './http.js';
import { byId, element, isBusy, setBusy } from './page.js';

const REPELLED = 'repelled';
const ACCEPTED = 'accepted';
const UNCLEAR = 'unclear';

/** The attacks, and what was answered to each. */
export function attacks() {
  const all = byId('attack-all');
  const cards = [...document.querySelectorAll('[data-attack]')].map(card);
  const buttons = [all, ...cards.map(({ button }) => button)];

  async function run(chosen) {
    if (buttons.some(isBusy)) {
      return;
    }
    buttons.forEach((button) => setBusy(button, true));
    for (const attack of chosen) {
      await attack.run();
      score(cards);
    }
    buttons.forEach((button) => setBusy(button, false));
  }

  all.addEventListener('click', () => run(cards));
  cards.forEach((attack) => attack.button.addEventListener('click', () => run([attack])));
}

function score(cards) {
  const run = cards.filter(({ judgement }) => judgement());
  const repelled = run.filter(({ judgement }) => judgement() === REPELLED);
  const shown = byId('score');
  shown.textContent = run.length === 0 ? '' : `${repelled.length} of ${run.length} repelled`;
  shown.dataset.judgement = run.some(({ judgement }) => judgement() === ACCEPTED) ? ACCEPTED
    : run.length === repelled.length ? REPELLED : UNCLEAR;
}

function card(article) {
  const button = article.querySelector('button');
  const label = button.firstElementChild;
  const result = article.querySelector('.result');

  function show(judgement, ...content) {
    article.dataset.judgement = judgement;
    result.replaceChildren(...content);
  }

  return {
    button,
    judgement: () => article.dataset.judgement,
    async run() {
      label.textContent = 'Sending…';
      article.setAttribute('aria-busy', 'true');
      try {
        const { answers } = await post(`demo/attacks/${article.dataset.attack}`);
        const { judgement, sentence } = judge(answers, Number(article.dataset.genuine));
        show(judgement, judgementLine(sentence, answers), answerList(answers));
      } catch (failure) {
        show(UNCLEAR, element('p', { class: 'judgement' }, failure.message));
      } finally {
        article.removeAttribute('aria-busy');
        label.textContent = 'Attack';
      }
    },
  };
}

/**
 * An attack is repelled when nothing beyond the genuine callback, where the attack has one, was accepted. It shows nothing
 * when a request got no verdict, or when not even the genuine callback was accepted.
 */
function judge(answers, genuine) {
  const accepted = answers.filter(({ status }) => status >= 200 && status < 300).length;
  if (accepted > genuine) {
    const beyond = accepted - genuine;
    return {
      judgement: ACCEPTED,
      sentence: beyond === 1 ? 'Accepted, and should not have been' : `${beyond} too many accepted`,
    };
  }
  if (answers.length === 0 || answers.some(({ status }) => !isVerdict(status))) {
    return { judgement: UNCLEAR, sentence: 'Shows nothing: not every request was judged' };
  }
  if (accepted < genuine) {
    return { judgement: UNCLEAR, sentence: 'Shows nothing: the genuine callback was refused, too' };
  }
  return { judgement: REPELLED, sentence: 'Refused, as it should be' };
}

/** Out of reach (0), no such path (404) and broken (5xx) are no verdicts. */
function isVerdict(status) {
  return status >= 200 && status < 500 && status !== 404;
}

function judgementLine(sentence, answers) {
  const line = element('p', { class: 'judgement' }, sentence);
  if (answers.length > 2) {
    line.append(element('span', { class: 'sum' }, summary(answers)));
  }
  return line;
}

/** Such as `1 × 200, 49 × 409`. */
function summary(answers) {
  return grouped(byStatus(answers), ({ status }) => status)
    .map((group) => `${group.length} × ${group[0].status}`)
    .join(', ');
}

function answerList(answers) {
  const inOrder = answers.length > 2 ? byStatus(answers) : answers;
  return element('ul', { class: 'answers' },
    ...grouped(inOrder, ({ sent, status, body }) => JSON.stringify([sent, status, body])).map(answerItem));
}

function answerItem(group) {
  const [{ sent, status, body, check }] = group;
  const item = element('li', {},
    element('p', { class: 'sent' }, counted(sent, group.length)),
    element('p', { class: 'answer' },
      element('span', { class: 'code', 'data-class': Math.floor(status / 100) }, status === 0 ? 'not sent' : status),
      ' ',
      status === 0 ? body : element('code', {}, body.trim() || '(no body)')));
  if (check) {
    item.append(element('p', { class: 'reason' }, element('span', { class: 'term' }, 'Refused by: '), `${check}.`));
  } else if (status >= 400) {
    item.append(element('p', { class: 'reason' }, 'The answer does not tell which check refused it.'));
  }
  return item;
}

/** Makes `49 of 50 duplicates` of `one of 50 duplicates`. */
function counted(sent, count) {
  if (count === 1) {
    return sent;
  }
  return sent.startsWith('one of ') ? `${count}${sent.slice(3)}` : `${count} × ${sent}`;
}

/** What came in at once has no order of its own. */
const byStatus = (answers) => [...answers].sort((one, other) => one.status - other.status);

/** Groups in the order in which each group's first member comes. */
function grouped(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return [...groups.values()];
}
