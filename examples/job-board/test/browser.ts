import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The browser to drive: `CHROMIUM`, or where Debian puts it. */
export const CHROMIUM: string | undefined = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
);

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
];
const PATIENCE_MS = 20_000;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly [name: string]: unknown };
  readonly result?: { readonly [name: string]: unknown };
  readonly error?: { readonly message: string };
}

/** One tab of a real browser, driven over its own protocol. */
export interface Tab {
  /** Open an address and wait until it has loaded. */
  open(url: string): Promise<void>;
  /** Evaluate an expression in the page. */
  read<T>(expression: string): Promise<T>;
  /** Do something that loads another page (a click, a submitted form) and wait for that. */
  act(expression: string): Promise<void>;
  screenshot(file: string, width: number, height: number): Promise<void>;
  /** What the page complained about: script errors, CSP violations, failed loads. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Start the browser with an empty profile. */
export async function openTab(chromium: string): Promise<Tab> {
  const profile = mkdtempSync(join(tmpdir(), 'zp-chromium-'));
  const browser = spawn(chromium, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let printed = '';
  const address = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no browser: ${printed}`)), PATIENCE_MS);
    browser.stderr.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(printed)?.[1];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(`http://127.0.0.1:${found}`);
    });
  });
  const targets = (await (await fetch(`${address}/json/list`)).json()) as { type: string; webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(targets.find((t) => t.type === 'page')?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));

  let sent = 0;
  const waiting = new Map<number, (message: Message) => void>();
  const complaints: string[] = [];
  let loaded: (() => void) | undefined;
  socket.addEventListener('message', (event) => {
    const message = JSON.parse(String(event.data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    if (message.method === 'Page.loadEventFired') loaded?.();
    if (message.method === 'Runtime.exceptionThrown' || message.method === 'Log.entryAdded')
      complaints.push(JSON.stringify(message.params));
  });
  async function call(method: string, params: object = {}): Promise<{ readonly [name: string]: unknown }> {
    const id = ++sent;
    const answer = await new Promise<Message>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    waiting.delete(id);
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result ?? {};
  }
  function nextLoad(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the page did not load')), PATIENCE_MS);
      loaded = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }
  async function read<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await call('Runtime.evaluate', { expression, returnByValue: true })) as {
      result?: { value: T };
      exceptionDetails?: object;
    };
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result?.value as T;
  }
  await call('Page.enable');
  await call('Runtime.enable');
  await call('Log.enable');
  return {
    complaints,
    read,
    async open(url) {
      const load = nextLoad();
      await call('Page.navigate', { url });
      await load;
    },
    async act(expression) {
      const load = nextLoad();
      await read(`${expression}; undefined`);
      await load;
    },
    async screenshot(file, width, height) {
      await call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
      const { data } = await call('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
      writeFileSync(file, Buffer.from(String(data), 'base64'));
    },
    async close() {
      socket.close();
      browser.kill();
      await once(browser, 'exit');
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
