import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { bytes, count, exact, rate, short, visible } from '../../shared/format';
import type { Percentiles } from '../../shared/latency';
import { Facts } from '../../shared/ui/Facts';
import { Cell } from '../../shared/ui/Table';
import { classesOf, type Vhost } from './api';
import styles from './VhostRow.module.css';

type Props = { vhost: Vhost; perSecond: number | null; columns: number };

/** Its numbers in a line; opened, every code and both times of its first byte. */
export function VhostRow({ vhost, perSecond, columns }: Props) {
  const [open, setOpen] = useState(false);
  const { name, requests, answers, firstByte } = vhost;
  const classes = classesOf(answers);
  const latency = firstByte.recent ?? firstByte.sinceStart;
  const when = firstByte.recent === null ? 'since the start' : `of the last ${Math.round(firstByte.recentSeconds)} s`;
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <>
      <tr>
        <th scope="row">
          <button type="button" className={styles.host} aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon aria-hidden size={14} />
            {visible(name)}
          </button>
        </th>
        <Cell number>{rate(perSecond)}</Cell>
        <Cell number>{count(requests)}</Cell>
        <Cell number>{count(classes['2xx'])}</Cell>
        <Cell number>{count(classes['3xx'])}</Cell>
        <Cell number>{count(classes['4xx'])}</Cell>
        <Cell number>
          <span
            data-tone={classes['5xx'] > 0 ? 'bad' : undefined}
            className={classes['5xx'] > 0 ? styles.bad : undefined}
          >
            {count(classes['5xx'])}
          </span>
        </Cell>
        <Cell number title={when}>
          {short(latency?.p50 ?? null)}
        </Cell>
        <Cell number title={when}>
          {short(latency?.p99 ?? null)}
        </Cell>
        <Cell number title={`${exact(vhost.bytes)} bytes`}>
          {bytes(vhost.bytes)}
        </Cell>
      </tr>
      {open && (
        <tr>
          <td colSpan={columns} className={styles.more}>
            <Facts
              facts={[
                ...answers.map(({ method, code, count: times }): [string, string] => [
                  `${method} ${code === 0 ? 'other codes' : code}`,
                  count(times),
                ]),
                [`First byte, last ${Math.round(firstByte.recentSeconds)} s`, written(firstByte.recent)],
                ['First byte, since the start', written(firstByte.sinceStart)],
              ]}
            />
          </td>
        </tr>
      )}
    </>
  );
}

function written(percentiles: Percentiles | null): string {
  if (percentiles === null) return 'no request';
  const { p50, p90, p99, p999 } = percentiles;
  return `p50 ${short(p50)} · p90 ${short(p90)} · p99 ${short(p99)} · p99.9 ${short(p999)}`;
}
