import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/**
 * What becomes of what a client sends: `pass` it on; `drop` it and the connection; `answerless`, pass it on and drop the
 * connection once the server has answered; `stall`, pass on nothing more in either direction.
 */
type Fate = 'pass' | 'drop' | 'answerless' | 'stall';

export interface Proxy {
  /** The database's URL with the proxy's address. */
  readonly url: string;
  /** Decides about every packet from now on. */
  judge: (packet: string) => Fate;
  /** Drop every connection and refuse new ones until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

const MORE_RESULTS = 8;

/** Whether these bytes end with the last answer to several statements that return no rows (MySQL's OK packets). */
function answered(bytes: Buffer): boolean {
  let more = true;
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUIntLE(at, 3);
    const packet = bytes.subarray(at + 4, at + 4 + length);
    if (packet.length < length || packet[0] === 0xff) return packet[0] === 0xff;
    // Two counts below 251 are a byte each; then come the flags.
    more = (packet.readUInt16LE(3) & MORE_RESULTS) !== 0;
    at += 4 + length;
  }
  return !more;
}

/** A network of one wire that can be cut (可切断的代理). */
export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port || 3306), hostname);
    let fate: Fate = 'pass';
    let answers = Buffer.alloc(0);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (chunk) => {
      if (fate === 'pass') fate = proxy.judge(chunk.toString('latin1'));
      if (fate === 'drop') end();
      else if (fate !== 'stall') upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (fate === 'answerless') {
        answers = Buffer.concat([answers, chunk]);
        if (answered(answers)) end();
      } else if (fate !== 'stall') client.write(chunk);
    });
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  const url = new URL(target);
  url.host = `127.0.0.1:${own}`;
  const proxy: Proxy = {
    url: url.href,
    judge: () => 'pass',
    down: stop,
    async up() {
      server.listen(own, '127.0.0.1');
      await once(server, 'listening');
    },
    close: async () => {
      if (server.listening) await stop();
    },
  };
  return proxy;
}
