import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A way to a server on this machine that can be cut (可切断的连接). */
export interface Loopback {
  readonly port: number;
  /** Cut every connection; `before` sees each chunk on its way to the server and says at which one. */
  cutWhen(before: (chunk: Buffer) => 'pass' | 'cut before' | 'cut after answer'): void;
  /** Refuse new connections and drop the present ones, or take them again. */
  refuse(on: boolean): void;
  /** Accept, and pass nothing on in either direction. */
  stall(on: boolean): void;
  /** Lead new connections to another server. */
  leadTo(port: number): void;
  close(): Promise<void>;
}

export async function createLoopback(target: URL): Promise<Loopback> {
  const sockets = new Set<Socket>();
  let judge: (chunk: Buffer) => 'pass' | 'cut before' | 'cut after answer' = () => 'pass';
  let refusing = false;
  let stalled = false;
  let targetPort = Number(target.port || 5432);
  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((near) => {
    if (refusing) {
      near.destroy();
      return;
    }
    const far = connect(targetPort, target.hostname);
    let deaf = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    }
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.on('data', (chunk) => {
      if (stalled) return;
      const verdict = judge(chunk);
      if (verdict === 'cut before') return dropAll();
      deaf ||= verdict === 'cut after answer';
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (stalled) return;
      // The server has done its work; the client never hears of it.
      if (deaf) dropAll();
      else near.write(chunk);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    cutWhen: (before) => {
      judge = before;
    },
    refuse: (on) => {
      refusing = on;
      if (on) dropAll();
    },
    stall: (on) => {
      stalled = on;
    },
    leadTo: (next) => {
      targetPort = next;
    },
    close: () => {
      dropAll();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
