import { vi } from 'vitest';
import type { Snapshot } from '../src/app/live/stream';

/** An EventSource the test speaks through; there is one for each attempt to connect. */
export class FakeEventSource extends EventTarget {
  static opened: FakeEventSource[] = [];

  readonly url: string;
  closed = false;

  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.opened.push(this);
  }

  static install(): void {
    FakeEventSource.opened = [];
    vi.stubGlobal('EventSource', FakeEventSource);
  }

  static get latest(): FakeEventSource {
    const latest = FakeEventSource.opened.at(-1);
    if (latest === undefined) throw new Error('nothing opened an EventSource');
    return latest;
  }

  say(snapshot: Snapshot): void {
    this.tell('snapshot', snapshot);
  }

  tell(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }

  breakOff(): void {
    this.dispatchEvent(new Event('error'));
  }

  close(): void {
    this.closed = true;
  }
}
