import type { Status } from '../features/farm/api';
import type { TileProps } from '../features/farm/Tile';
import type { History } from '../features/history/api';
import { bytes, count, exact, percent, rate, short, UNKNOWN } from '../shared/format';
import { lastMinute, RING, type Sample, type Minute } from './live/history';

/** The golden signals of the farm, from its status and the last five minutes. */
export function tilesOf(status: Status, history: Sample[]): TileProps[] {
  const minute = lastMinute(history);
  const now = history.at(-1);
  return [
    requests(status, history),
    errors(minute, now?.errorShare ?? null, history),
    firstByte(status, history),
    connections(status, history),
    throughput(now?.bytesPerSecond ?? null, history),
    cache(minute, now?.hitShare ?? null, history),
  ];
}

function requests(status: Status, history: Sample[]): TileProps {
  const values = history.map((sample) => sample.requestsPerSecond);
  return {
    name: 'Requests',
    value: rate(status.requestsPerSecond),
    unit: '/s',
    note: values.length === 0 ? '' : `peak ${rate(Math.max(...values))}/s`,
    exact: `${exact(status.requestsPerSecond)} requests per second`,
    values,
    room: RING,
  };
}

function errors(minute: Minute | null, share: number | null, history: Sample[]): TileProps {
  return {
    name: '5xx and shed',
    value: percent(share),
    note: minute === null ? '' : `${count(minute.errors)} of ${count(minute.asked)} in ${count(minute.seconds)} s`,
    exact:
      share === null || minute === null
        ? 'no requests in the last minute'
        : `${exact(share * 100)} % of requests, ${count(minute.shed)} of them shed for want of room`,
    tone: share !== null && share > 0 ? 'bad' : undefined,
    values: history.map((sample) => sample.errorShare),
    room: RING,
  };
}

function firstByte({ firstByte: { recent, sinceStart, recentSeconds } }: Status, history: Sample[]): TileProps {
  const [value = UNKNOWN, unit = ''] = short(recent?.p50 ?? null).split(' ');
  return {
    name: 'First byte',
    value,
    unit: unit && `${unit} p50`,
    note: recent === null ? 'no request of late' : `${short(recent.p99)} p99`,
    exact:
      recent === null
        ? `since the start: ${sinceStart === null ? 'no request' : `p50 ${short(sinceStart.p50)}, p99 ${short(sinceStart.p99)}`}`
        : `${count(recent.requests)} requests in ${Math.round(recentSeconds)} s: at most ${short(recent.p50)} for half of them, ` +
          `${short(recent.p90)} for 90 %, ${short(recent.p99)} for 99 %, ${short(recent.p999)} for 99.9 %`,
    values: history.map((sample) => sample.p99),
    room: RING,
  };
}

function connections({ connections: { reading, writing, idle } }: Status, history: Sample[]): TileProps {
  return {
    name: 'Connections',
    value: count(reading + writing + idle),
    note: `${count(reading)} reading · ${count(writing)} writing · ${count(idle)} idle`,
    exact: `${exact(reading + writing + idle)} open connections`,
    values: history.map((sample) => sample.connections.reading + sample.connections.writing + sample.connections.idle),
    room: RING,
  };
}

function throughput(perSecond: number | null, history: Sample[]): TileProps {
  const values = history.map((sample) => sample.bytesPerSecond);
  return {
    name: 'Throughput',
    ...perSecondOf(perSecond),
    note: `peak ${bytes(Math.max(0, ...values.map((known) => known ?? 0)))}/s`,
    exact: perSecond === null ? '' : `${exact(Math.round(perSecond))} bytes per second`,
    values,
    room: RING,
  };
}

function cache(minute: Minute | null, share: number | null, history: Sample[]): TileProps {
  return {
    name: 'Cache hits',
    value: percent(share),
    note: minute === null ? '' : `${count(minute.hits)} of ${count(minute.lookups)} in ${count(minute.seconds)} s`,
    exact: share === null ? 'no look-ups in the last minute' : `${exact(share * 100)} % of look-ups`,
    values: history.map((sample) => sample.hitShare),
    room: RING,
    top: 1,
  };
}

function perSecondOf(value: number | null): { value: string; unit: string } {
  const [number = UNKNOWN, unit = ''] = bytes(value).split(' ');
  return { value: number, unit: unit && `${unit}/s` };
}

// ---- the past

/** Averages and peaks over a stretch of the past; null if nothing is known of it. */
export function pastTilesOf({ columns }: History): TileProps[] | null {
  const { requestsPerSecond, bytesPerSecond, errorsPerSecond, reading, writing, idle, workersUp } = columns;
  const requests = mean(requestsPerSecond);
  if (requests === null) return null;
  const open = reading.map((value, index) => sum(value, writing[index], idle[index]));
  const errorShare = requests === 0 ? null : (mean(errorsPerSecond) ?? 0) / requests;
  const up = workersUp.filter((value) => value !== null);
  const tile = (
    name: string,
    values: (number | null)[],
    rest: Omit<TileProps, 'name' | 'values' | 'room'>,
  ): TileProps => ({
    name,
    values,
    room: values.length,
    ...rest,
  });
  return [
    tile('Requests', requestsPerSecond, {
      value: rate(requests),
      unit: '/s',
      note: `on average, peak ${rate(peak(requestsPerSecond))}/s`,
      exact: `${exact(requests)} requests per second`,
    }),
    tile('5xx answers', errorsPerSecond, {
      value: percent(errorShare),
      note: `of requests, peak ${rate(peak(errorsPerSecond))}/s`,
      exact: errorShare === null ? 'no requests' : `${exact(errorShare * 100)} % of requests`,
      tone: errorShare !== null && errorShare > 0 ? 'bad' : undefined,
    }),
    tile('Connections', open, {
      value: count(mean(open)),
      note: `on average, peak ${count(peak(open))}`,
      exact: `${exact(mean(open) ?? 0)} open connections`,
    }),
    tile('Throughput', bytesPerSecond, {
      ...perSecondOf(mean(bytesPerSecond)),
      note: `on average, peak ${bytes(peak(bytesPerSecond))}/s`,
      exact: `${exact(Math.round(mean(bytesPerSecond) ?? 0))} bytes per second`,
    }),
    tile('Workers up', workersUp, {
      value: rate(mean(workersUp)),
      note: up.length === 0 ? '' : `fewest ${rate(Math.min(...up))}, most ${rate(Math.max(...up))}`,
      exact: 'on average',
    }),
  ];
}

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0) / known.length;
}

function peak(values: (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

function sum(...values: (number | null | undefined)[]): number | null {
  return values.some((value) => value == null)
    ? null
    : values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
