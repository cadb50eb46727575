import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

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
  /** The size of the window from now on; a narrow one is a phone. */
  size(width: number, height: number): Promise<void>;
  /** Whether pages may run scripts of their own from now on. */
  scripts(allow: boolean): Promise<void>;
  /** What breaks WCAG 2.2 AA in the page as it stands, rule by rule, with the elements. */
  accessibility(): Promise<readonly string[]>;
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
    const { result, exceptionDetails } = (await call('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })) as {
      result?: { value: T };
      exceptionDetails?: object;
    };
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result?.value as T;
  }
  let allowed = true;
  async function allow(scripts: boolean): Promise<void> {
    await call('Emulation.setScriptExecutionDisabled', { value: !scripts });
    allowed = scripts;
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
    async size(width, height) {
      await call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
    },
    scripts: allow,
    async accessibility() {
      // What the page did without scripts is done; the rules themselves need them.
      const before = allowed;
      await allow(true);
      // Put in through the browser’s own protocol: what the page’s policy lets run is another matter.
      await call('Runtime.evaluate', { expression: AXE });
      const broken = await read<readonly string[]>(`axe.run(document, ${JSON.stringify({ runOnly: TAGS })}).then(({ violations }) =>
        violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`);
      await allow(before);
      return broken;
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
