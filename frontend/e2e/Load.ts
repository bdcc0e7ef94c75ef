import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Visitors of the site: some keep their connection, some bring a new one for each request. Every failure is kept. */
export class Load {
  requests = 0;
  readonly failures: string[] = [];
  private readonly url: string;
  private readonly visitors: Promise<void>[];
  private over = false;

  constructor(url: string, { keeping, renewing }: { keeping: number; renewing: number }) {
    this.url = url;
    this.visitors = [
      ...Array.from({ length: keeping }, () => this.visit(new Agent({ keepAlive: true, maxSockets: 1 }))),
      ...Array.from({ length: renewing }, () => this.visit(new Agent({ keepAlive: false }))),
    ];
  }

  async stop(): Promise<void> {
    this.over = true;
    await Promise.all(this.visitors);
  }

  private async visit(agent: Agent): Promise<void> {
    while (!this.over) {
      const failure = await this.request(agent);
      this.requests++;
      if (failure !== null) this.failures.push(failure);
      await wait(10);
    }
    agent.destroy();
  }

  /** Null for a whole answer of 200, else what went wrong. */
  private request(agent: Agent): Promise<string | null> {
    return new Promise((ended) => {
      const request = get(this.url, { agent, timeout: 10_000 }, (response) => {
        response.resume();
        response.once('error', (error) => ended(`body: ${error.message}`));
        response.once('end', () => ended(response.statusCode === 200 ? null : `status ${response.statusCode ?? 0}`));
      });
      request.once('timeout', () => request.destroy(new Error('no answer for 10 s')));
      request.once('error', (error) => ended(error.message));
    });
  }
}
