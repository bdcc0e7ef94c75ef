import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const START_MILLIS = 90_000;
/** Each worker is a process of its own, and they start on few processors. */
const START_MILLIS_EACH = 3_000;
const STOP_MILLIS = 30_000;

/** A real Drover with ports and directories of its own: `../drover up`, or what DROVER names. */
export class Drover {
  readonly site: string;
  readonly admin: string;
  readonly password: string;
  /** Its configuration, as a file that a test may change. */
  readonly configFile: string;
  private readonly directory: string;
  private readonly process: ChildProcess;

  private constructor(site: string, admin: string, password: string, directory: string, process: ChildProcess) {
    this.site = site;
    this.admin = admin;
    this.password = password;
    this.directory = directory;
    this.configFile = join(directory, 'drover.yml');
    this.process = process;
  }

  /** @param more lines below `admin:` of its configuration, and a secret that they name */
  static async start(workers = 2, more: { admin?: string[]; 'oidc-secret'?: string } = {}): Promise<Drover> {
    const [site = 0, admin = 0, management = 0] = await freePorts(3);
    const directory = mkdtempSync('/dev/shm/drover-e2e-');
    const password = `e2e-${Math.random().toString(36).slice(2)}`;
    const at = (name: string) => join(directory, name);
    for (const name of ['run', 'state', 'log', 'sites/default', 'sites/docs'])
      mkdirSync(at(name), { recursive: true, mode: 0o700 });
    writeFileSync(at('password'), password, { mode: 0o600 });
    writeFileSync(at('oidc-secret'), more['oidc-secret'] ?? '', { mode: 0o600 });
    writeFileSync(at('sites/default/index.html'), `<!doctype html><title>Site</title>${'grass '.repeat(400)}`);

    writeFileSync(at('sites/docs/guide.html'), '<!doctype html><title>Guide</title>');
    writeFileSync(
      at('drover.yml'),
      configOf({
        site,
        admin,
        management,
        run: at('run'),
        state: at('state'),
        log: at('log'),
        sites: at('sites'),
        password: at('password'),
        workers,
        more: more.admin ?? [],
      }),
    );

    const output = openSync(at('up.log'), 'a');
    // A farm that is too large for this machine gives way to the browser, which would stand on another one.
    const niceness = workers > availableParallelism() ? '10' : '0';
    const process = spawn('nice', ['-n', niceness, command(), 'up', '--config', at('drover.yml')], {
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    const started = new Drover(`http://127.0.0.1:${site}`, `http://127.0.0.1:${admin}`, password, directory, process);
    await started.untilUp(START_MILLIS + workers * START_MILLIS_EACH);
    return started;
  }

  /** Ends what was started, and what `up` may have left running: those that name our directory. */
  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    await Promise.race([new Promise((ended) => this.process.once('exit', ended)), wait(STOP_MILLIS)]);
    for (const pid of this.left()) process.kill(pid, 'SIGTERM');
    const deadline = Date.now() + STOP_MILLIS;
    while (this.left().length > 0 && Date.now() < deadline) await wait(100);
    for (const pid of this.left()) process.kill(pid, 'SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** One request of a visitor, with whatever path and fields; the answer's status. */
  async ask(path: string, fields: Record<string, string> = {}): Promise<number> {
    return (await this.answerTo(path, fields)).status;
  }

  /** The same, with the fields of the answer; their names are in lower case. */
  answerTo(path: string, fields: Record<string, string> = {}): Promise<{ status: number; fields: object }> {
    const { hostname, port } = new URL(this.site);
    return new Promise((answered, failed) => {
      const sent = request({ hostname, port, path, headers: fields, agent: false, timeout: 10_000 }, (response) => {
        response.resume();
        response.once('end', () => answered({ status: response.statusCode ?? 0, fields: response.headers }));
      });
      sent.once('error', failed);
      sent.end();
    });
  }

  /** The bytes of a request as they are, also such as no client library would send; until the server closes. */
  askRaw(bytes: Buffer): Promise<void> {
    const { hostname, port } = new URL(this.site);
    return new Promise((ended) => {
      const socket = connect({ host: hostname, port: Number(port) }, () => socket.end(bytes));
      socket.resume();
      socket.once('close', () => ended());
      // What it does not want to read, it may cut off.
      socket.once('error', () => ended());
    });
  }

  /** Puts a copy of the worker beside it, as another version of it; what is returned takes it away again. */
  offerWorker(version: string): () => void {
    const home = dirname(command());
    const library = [join(home, 'target/dist/lib'), join(home, '../lib')].find(existsSync) ?? home;
    const offered = join(library, 'worker', version);
    mkdirSync(offered, { recursive: true });
    copyFileSync(join(library, 'worker-engine.jar'), join(offered, 'worker-engine.jar'));
    return () => rmSync(offered, { recursive: true });
  }

  private async untilUp(millis: number): Promise<void> {
    const deadline = Date.now() + millis;
    while (!((await answers(`${this.admin}/api/v1/session`)) && (await answers(this.site)))) {
      if (this.process.exitCode !== null || Date.now() > deadline) {
        const log = readFileSync(join(this.directory, 'up.log'), 'utf8');
        await this.stop();
        throw new Error(`drover up did not come up:\n${log.slice(-4000)}`);
      }
      await wait(200);
    }
  }

  /** Living processes that were started with our directory in an argument or a variable: nobody else's. */
  private left(): number[] {
    const ours = (file: string) => readFileSync(file, 'utf8').includes(this.directory);
    return processes().filter((pid) => {
      try {
        return ours(`/proc/${pid}/cmdline`) || ours(`/proc/${pid}/environ`);
      } catch {
        return false; // It ended while we looked.
      }
    });
  }
}

/** So many workers and two sites; everything in the test's own directory. */
function configOf(
  at: Record<'run' | 'state' | 'log' | 'sites' | 'password', string> &
    Record<'site' | 'admin' | 'management' | 'workers', number> & { more: string[] },
): string {
  return [
    'drover:',
    `  listen: ["127.0.0.1:${at.site}"]`,
    `  document-root: ${at.sites}`,
    `  workers: ${at.workers}`,
    '  drain-timeout: 5s',
    `  run-directory: ${at.run}`,
    `  state-directory: ${at.state}`,
    `  log-directory: ${at.log}`,
    '  admin:',
    `    port: ${at.admin}`,
    `    management-port: ${at.management}`,
    `    password-file: ${at.password}`,
    ...at.more.map((line) => `    ${line.replace('oidc-secret', join(dirname(at.password), 'oidc-secret'))}`),
    '  sites:',
    '    docs:',
    '      hosts: [docs.localhost]',
    '',
  ].join('\n');
}

function processes(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function command(): string {
  return resolve(process.env.DROVER ?? '../drover');
}

/** Any answer will do: a 401 also comes from something that is up. */
async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status < 500;
  } catch {
    return false;
  }
}

async function freePorts(wanted: number): Promise<number[]> {
  const held = Array.from({ length: wanted }, () => createServer());
  const ports = await Promise.all(
    held.map(
      (server) =>
        new Promise<number>((found) =>
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            found(typeof address === 'object' && address !== null ? address.port : 0);
          }),
        ),
    ),
  );
  await Promise.all(held.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
