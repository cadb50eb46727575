import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

let next = 20_000 + randomInt(10_000);

/**
 * A port below the range that the system gives to outgoing connections, a new one at each call: a client that keeps
 * calling a dead server whose port is in that range will sooner or later be given this very port as its own, connect
 * to itself, and hold the port against the server that comes back.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next++;
    const server = createServer().listen(port, '127.0.0.1');
    const listening = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!listening) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
