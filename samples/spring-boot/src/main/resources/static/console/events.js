const PATH = 'demo/events';

/** How many events the server tells a page again that connects anew. */
const TOLD_AGAIN = 100;

/** After so long without an error the server is there, and has nothing to tell. */
const QUIET_MILLIS = 1_500;

const FIRST_RETRY_MILLIS = 1_000;
const LAST_RETRY_MILLIS = 8_000;

/**
 * Listens to the server's events for as long as the page is open.
 *
 * The states told are `connecting`, `live`, `quiet` (connected, as it seems, and nothing has come yet) and `retrying`.
 */
export function events(listener) {
  let source = null;
  let timer = 0;
  let retryMillis = FIRST_RETRY_MILLIS;
  let toldBefore = [];

  function connect() {
    let again = new Map();
    source = new EventSource(PATH);
    timer = setTimeout(() => listener.state('quiet'), QUIET_MILLIS);

    source.addEventListener('open', () => {
      clearTimeout(timer);
      retryMillis = FIRST_RETRY_MILLIS;
      again = counted(toldBefore);
      listener.state('live');
    });
    source.addEventListener('message', ({ data }) => {
      const left = again.get(data) ?? 0;
      if (left > 0) {
        again.set(data, left - 1);
        return;
      }
      toldBefore = [...toldBefore, data].slice(-TOLD_AGAIN);
      listener.event(JSON.parse(data));
    });
    source.addEventListener('error', () => {
      disconnect();
      listener.state('retrying');
      timer = setTimeout(connect, retryMillis);
      retryMillis = Math.min(retryMillis * 2, LAST_RETRY_MILLIS);
    });
  }

  function disconnect() {
    clearTimeout(timer);
    source?.close();
  }

  addEventListener('pagehide', disconnect);
  addEventListener('pageshow', (shown) => {
    if (shown.persisted) {
      connect();
    }
  });
  listener.state('connecting');
  connect();
}

function counted(values) {
  const counts = new Map();
  values.forEach((value) => counts.set(value, (counts.get(value) ?? 0) + 1));
  return counts;
}
