const TIMEOUT_MILLIS = 30_000;

/** A failure in words for the reader. `status` is 0 where there was no answer. */
export class Failure extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

export const get = (path) => call(path, {});

export const post = (path, form = new URLSearchParams()) => call(path, { method: 'POST', body: form });

async function call(path, options) {
  const response = await send(path, options);
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new Failure(inWords(response.status, body), response.status);
  }
  if (body === null) {
    throw new Failure('The demo broke off in the middle of its answer.');
  }
  return body;
}

async function send(path, options) {
  try {
    return await fetch(path, {
      ...options,
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
  } catch (failure) {
    throw new Failure(failure.name === 'TimeoutError'
      ? `The demo has not answered for ${TIMEOUT_MILLIS / 1000} seconds.`
      : 'The demo does not answer. Is it still running?');
  }
}

function inWords(status, body) {
  switch (status) {
    case 400:
      return `The service does not take it: ${body?.error ?? 'bad request'}`;
    case 404:
      return 'The demo does not know it.';
    case 503:
      return 'The demo’s callback store is full or out of reach.';
    default:
      return `The demo failed with status ${status}. Its log says why.`;
  }
}
