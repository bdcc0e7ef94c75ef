import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { SubmitEvent } from 'react';
import { useSearchParams } from 'react-router';
import { bytes, visible } from '../../shared/format';
import { Facts } from '../../shared/ui/Facts';
import { Empty, Loaded } from '../../shared/ui/Loaded';
import { Page, Panel } from '../../shared/ui/Page';
import { Cell, Table } from '../../shared/ui/Table';
import { type Explanation, useExplanation } from './api';
import styles from './ExplainPage.module.css';

const methods = ['GET', 'HEAD', 'OPTIONS', 'POST'];

/** Which site, file and rule answer a URL, with what, and why. The question stands in the address. */
export function ExplainPage() {
  const [query, setQuery] = useSearchParams();
  const url = query.get('url') ?? '';
  const method = methods.find((known) => known === query.get('method')) ?? 'GET';
  const explanation = useExplanation({ url, method });

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = (name: string) => (event.currentTarget.elements.namedItem(name) as HTMLInputElement).value;
    const asked = { url: value('url').trim(), method: value('method') };
    if (asked.url === url && asked.method === method) void explanation.refetch();
    else setQuery(asked);
  };

  return (
    <Page title="Explain" note="Which site, file and rule would answer a URL, with what, and why. Nothing is sent.">
      <form key={`${method} ${url}`} className={styles.form} onSubmit={submit} aria-label="Explain a URL" role="search">
        <NativeSelect
          name="method"
          label="Method"
          data={methods}
          defaultValue={method}
          className={styles.method ?? ''}
        />
        <TextInput
          name="url"
          label="URL"
          placeholder="http://docs.example.org/guide/"
          defaultValue={url}
          required
          withAsterisk={false}
          autoComplete="off"
          spellCheck={false}
          className={styles.url ?? ''}
        />
        <Button type="submit" loading={explanation.isFetching}>
          Explain
        </Button>
      </form>
      {url === '' ? (
        <Panel title="No URL yet">
          <Empty>Type one that somebody asks about, with its host.</Empty>
        </Panel>
      ) : (
        <Loaded query={explanation} what="this URL">
          {(answer) => <Answer answer={answer} />}
        </Loaded>
      )}
    </Page>
  );
}

function Answer({ answer: { url, site, rules, file, cache, status, reason, fields, steps } }: { answer: Explanation }) {
  return (
    <>
      <Panel title={status === null ? 'No answer' : visible(`${status} ${reason ?? ''}`.trim())} note={visible(url)}>
        <Facts
          facts={[
            ['Site', site === null ? 'none' : visible(site.directory)],
            ['Because', site === null ? 'no site has this host' : visible(site.why)],
            ['File', file === null ? 'none' : visible(file)],
            ['Cache', cache === null ? 'not asked' : cacheOf(cache)],
          ]}
        />
      </Panel>
      <Panel title="Step by step">
        {steps.length === 0 ? (
          <Empty>Nothing was decided.</Empty>
        ) : (
          <ol className={styles.steps}>
            {steps.map((step, index) => (
              <li key={index}>{visible(step)}</li>
            ))}
          </ol>
        )}
      </Panel>
      <Panel flush title="Rules that apply">
        {rules.length === 0 ? (
          <Empty>No rule of this site applies.</Empty>
        ) : (
          <Table label="Rules" columns={[{ name: 'Kind' }, { name: 'Rule' }]}>
            {rules.map(({ kind, text }, index) => (
              <tr key={index}>
                <th scope="row">{visible(kind)}</th>
                <Cell text>{visible(text)}</Cell>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <Panel flush title="Fields of the answer">
        {fields.length === 0 ? (
          <Empty>None is known.</Empty>
        ) : (
          <Table label="Fields" columns={[{ name: 'Name' }, { name: 'Value' }]}>
            {fields.map(({ name, value }, index) => (
              <tr key={index}>
                <th scope="row">{visible(name)}</th>
                <Cell text>{visible(value)}</Cell>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
    </>
  );
}

function cacheOf({ state, workers = [] }: NonNullable<Explanation['cache']>): string {
  const each = workers.map(({ worker, state: its, bytes: held, codings }) => {
    const what = its === 'HIT' || its === 'STALE' ? `, ${bytes(held)} ${codings.join(', ')}` : '';
    return `worker ${worker} ${its}${what}`;
  });
  return visible([state, ...each].join(' · '));
}
