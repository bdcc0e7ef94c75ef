import type { Status } from '../features/farm/api';
import type { TileProps } from '../features/farm/Tile';
import { bytes, count, exact, percent, rate, UNKNOWN } from '../shared/format';
import { lastMinute, RING, type Sample, type Minute } from './live/history';

/** The golden signals of the farm, from its status and the last five minutes. */
export function tilesOf(status: Status, history: Sample[]): TileProps[] {
  const minute = lastMinute(history);
  const now = history.at(-1);
  return [
    requests(status, history),
    connections(status, history),
    errors(minute, now?.errorShare ?? null, history),
    cache(minute, now?.hitShare ?? null, history),
    throughput(now?.bytesPerSecond ?? null, history),
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

function errors(minute: Minute | null, share: number | null, history: Sample[]): TileProps {
  return {
    name: '5xx answers',
    value: percent(share),
    note:
      minute === null
        ? ''
        : `${count(minute.errors)} of ${count(minute.requests)} requests in ${count(minute.seconds)} s`,
    exact: share === null ? 'no requests in the last minute' : `${exact(share * 100)} % of requests`,
    tone: share !== null && share > 0 ? 'bad' : undefined,
    values: history.map((sample) => sample.errorShare),
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

function throughput(perSecond: number | null, history: Sample[]): TileProps {
  const values = history.map((sample) => sample.bytesPerSecond);
  const [value = UNKNOWN, unit = ''] = bytes(perSecond).split(' ');
  return {
    name: 'Throughput',
    value,
    unit: unit && `${unit}/s`,
    note: `peak ${bytes(Math.max(0, ...values.map((known) => known ?? 0)))}/s`,
    exact: perSecond === null ? '' : `${exact(Math.round(perSecond))} bytes per second`,
    values,
    room: RING,
  };
}
