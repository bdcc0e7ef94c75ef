import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const START_MILLIS = 90_000;
const STOP_MILLIS = 30_000;

/** A real Drover with ports and directories of its own: `../drover up`, or what DROVER names. */
export class Drover {
  readonly site: string;
  readonly admin: string;
  readonly password: string;
  private readonly directory: string;
  private readonly process: ChildProcess;

  private constructor(site: string, admin: string, password: string, directory: string, process: ChildProcess) {
    this.site = site;
    this.admin = admin;
    this.password = password;
    this.directory = directory;
    this.process = process;
  }

  static async start(): Promise<Drover> {
    const [site = 0, admin = 0, management = 0] = await freePorts(3);
    const directory = mkdtempSync('/dev/shm/drover-e2e-');
    const password = `e2e-${Math.random().toString(36).slice(2)}`;
    const at = (name: string) => join(directory, name);
    for (const name of ['run', 'state', 'log', 'sites/default']) mkdirSync(at(name), { recursive: true, mode: 0o700 });
    writeFileSync(at('password'), password, { mode: 0o600 });
    writeFileSync(at('sites/default/index.html'), `<!doctype html><title>Site</title>${'grass '.repeat(400)}`);

    const output = openSync(at('up.log'), 'a');
    const process = spawn(command(), ['up'], {
      stdio: ['ignore', output, output],
      env: {
        ...globalThis.process.env,
        DROVER_LISTEN: `127.0.0.1:${site}`,
        DROVER_DOCUMENT_ROOT: at('sites'),
        DROVER_WORKERS: '2',
        DROVER_RUN_DIRECTORY: at('run'),
        DROVER_STATE_DIRECTORY: at('state'),
        DROVER_LOG_DIRECTORY: at('log'),
        DROVER_ADMIN_PORT: String(admin),
        DROVER_ADMIN_MANAGEMENT_PORT: String(management),
        DROVER_ADMIN_PASSWORD_FILE: at('password'),
      },
    });
    closeSync(output);
    const started = new Drover(`http://127.0.0.1:${site}`, `http://127.0.0.1:${admin}`, password, directory, process);
    await started.untilUp();
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

  private async untilUp(): Promise<void> {
    const deadline = Date.now() + START_MILLIS;
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
