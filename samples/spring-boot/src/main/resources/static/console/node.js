import { get } from './http.js';
import { byId } from './page.js';

/** Shows which node has answered, and on which store it runs. */
export async function node() {
  try {
    const { port, process, store } = await get('demo/node');
    byId('node').textContent = `Node ${port} (process ${process}), store: ${store}`;
  } catch {
    byId('node').textContent = '';
  }
}
