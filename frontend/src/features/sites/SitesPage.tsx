import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { count } from '../../shared/format';
import { Empty, Loaded } from '../../shared/ui/Loaded';
import { Page, Panel } from '../../shared/ui/Page';
import { Table } from '../../shared/ui/Table';
import { useHeld } from '../../shared/useHeld';
import { type Traffic, useTraffic, type Vhost } from './api';
import { CachePanel } from './CachePanel';
import { VhostRow } from './VhostRow';

const orders = ['Requests/s', 'Requests', '5xx', 'p99', 'Bytes', 'Name'] as const;
type Order = (typeof orders)[number];

/** What each virtual host is asked and answers, since the farm was started. */
export function SitesPage() {
  const { data, ...query } = useTraffic();
  const traffic = useHeld(data);
  const [words, setWords] = useState('');
  const [order, setOrder] = useState<Order>('Requests/s');
  return (
    <Page
      title="Sites"
      note="By virtual host, since the farm was started. What no site has is counted as _other."
      tools={
        <>
          <TextInput
            size="xs"
            label="Host"
            placeholder="part of its name"
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <NativeSelect
            size="xs"
            label="Order by"
            data={[...orders]}
            value={order}
            onChange={(event) => setOrder(orders.find((known) => known === event.currentTarget.value) ?? 'Name')}
          />
        </>
      }
    >
      <Panel flush title="Virtual hosts" note={traffic && `${count(traffic.vhosts.length)} that were asked`}>
        <Loaded query={{ ...query, data: traffic }} what="the virtual hosts">
          {(known) => <Vhosts traffic={known} words={words} order={order} />}
        </Loaded>
      </Panel>
      <CachePanel />
    </Page>
  );
}

function Vhosts({ traffic, words, order }: { traffic: Traffic; words: string; order: Order }) {
  const shown = traffic.vhosts
    .filter(({ name }) => name.toLowerCase().includes(words.trim().toLowerCase()))
    .toSorted((one, other) => compare(one, other, order, traffic) || one.name.localeCompare(other.name));
  if (traffic.vhosts.length === 0) return <Empty>No site has been asked for anything yet.</Empty>;
  if (shown.length === 0) return <Empty>No virtual host has “{words}” in its name.</Empty>;
  return (
    <Table
      label="Virtual hosts"
      columns={[
        { name: 'Host' },
        { name: 'Requests/s', number: true },
        { name: 'Requests', number: true },
        { name: '2xx', number: true },
        { name: '3xx', number: true },
        { name: '4xx', number: true },
        { name: '5xx', number: true },
        { name: 'p50', number: true },
        { name: 'p99', number: true },
        { name: 'Bytes', number: true },
      ]}
    >
      {shown.map((vhost) => (
        <VhostRow
          key={vhost.name}
          vhost={vhost}
          perSecond={traffic.requestsPerSecond[vhost.name] ?? null}
          columns={10}
        />
      ))}
    </Table>
  );
}

/** The most first. */
function compare(one: Vhost, other: Vhost, order: Order, { requestsPerSecond }: Traffic): number {
  const by = (value: (vhost: Vhost) => number) => value(other) - value(one);
  switch (order) {
    case 'Requests/s':
      return by(({ name }) => requestsPerSecond[name] ?? 0) || by(({ requests }) => requests);
    case 'Requests':
      return by(({ requests }) => requests);
    case '5xx':
      return by(({ answers }) => answers.reduce((sum, { code, count }) => (code >= 500 ? sum + count : sum), 0));
    case 'p99':
      return by(({ firstByte: { recent, sinceStart } }) => (recent ?? sinceStart)?.p99 ?? 0);
    case 'Bytes':
      return by(({ bytes }) => bytes);
    case 'Name':
      return 0;
  }
}
