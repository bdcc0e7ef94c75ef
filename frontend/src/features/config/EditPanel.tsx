import { Button, Checkbox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { count, visible } from '../../shared/format';
import type { Tagged } from '../../shared/http';
import { useOrder } from '../../shared/operations';
import { Ask } from '../../shared/ui/Ask';
import { DoneNote, ErrorNote, WarningNote } from '../../shared/ui/ErrorNote';
import { Panel } from '../../shared/ui/Page';
import { type Config, type Mistake, mistakeOf, putConfig, type Rehearsal, useCheck, useRehearsal } from './api';
import { Changes } from './Changes';
import { RehearsalResult } from './RehearsalResult';
import { YamlEditor } from './YamlEditor';

type Props = { current: Tagged<Config>; mayOperate: boolean; mayAdminister: boolean };

/** A text that somebody works at, and what it was begun from. */
type Draft = { text: string; tag: string | null; generation: number };

/** How long after the last key a text is checked. */
const CHECK_MILLIS = 600;

/** The text that runs; whoever may, changes it, sees at once what is wrong with it or what it changes, and applies it. */
export function EditPanel({ current, mayOperate, mayAdminister }: Props) {
  const { value: config, tag } = current;
  const [draft, setDraft] = useState<Draft | null>(null);
  const [asked, setAsked] = useState(false);
  const rehearsal = useRehearsal();
  // What was applied is no draft any more, also not when something else runs later.
  if (draft !== null && draft.text === config.text) setDraft(null);
  const edited = draft !== null && draft.text !== config.text ? draft : null;
  const [settled] = useDebouncedValue(edited?.text ?? null, CHECK_MILLIS);
  const check = useCheck(mayOperate && edited !== null ? settled : null);
  const checked = edited !== null && settled === edited.text && !check.isFetching ? check : null;
  const mistake = checked === null ? null : mistakeOf(checked.error);
  const overtaken = edited !== null && edited.generation !== config.generation;

  return (
    <>
      <Panel
        title={edited === null ? `Generation ${config.generation}` : 'Your changes'}
        note={edited === null ? `worker ${visible(config.worker)}` : `begun from generation ${edited.generation}`}
        tools={
          edited !== null && (
            <>
              <Button
                variant="default"
                size="xs"
                onClick={() => {
                  setDraft(null);
                  rehearsal.reset();
                }}
              >
                Discard the changes
              </Button>
              <Button
                variant="default"
                size="xs"
                loading={rehearsal.isPending}
                onClick={() => rehearsal.mutate(edited.text)}
              >
                Rehearse
              </Button>
              <Button size="xs" disabled={checked?.data === undefined} onClick={() => setAsked(true)}>
                Apply
              </Button>
            </>
          )
        }
      >
        <YamlEditor
          label="Configuration"
          text={draft?.text ?? config.text}
          readOnly={!mayAdminister}
          mistake={mistake}
          onChange={(text) =>
            setDraft((before) =>
              text === config.text
                ? null
                : { text, tag: before?.tag ?? tag, generation: before?.generation ?? config.generation },
            )
          }
        />
      </Panel>
      {overtaken && (
        <WarningNote>
          Generation {config.generation} runs meanwhile. What you apply would be refused; discard your changes and begin
          anew, or keep a copy of them first.
        </WarningNote>
      )}
      {edited !== null && (
        <Panel title="What it changes" flush={checked?.data !== undefined}>
          {checked === null ? (
            <p role="status">Checking</p>
          ) : mistake !== null ? (
            <ErrorNote>{written(mistake)}</ErrorNote>
          ) : checked.error !== null ? (
            <ErrorNote>{checked.error.message}</ErrorNote>
          ) : (
            <Changes changes={checked.data?.changes ?? []} />
          )}
        </Panel>
      )}
      {rehearsal.error !== null && edited !== null && (
        <ErrorNote>{`It could not be rehearsed. ${mistakeOf(rehearsal.error)?.reason ?? rehearsal.error.message}`}</ErrorNote>
      )}
      {rehearsal.data !== undefined && edited !== null && (
        <Rehearsed rehearsal={rehearsal.data} current={rehearsal.variables === edited.text} />
      )}
      {asked && edited !== null && (
        <Apply draft={edited} changes={checked?.data?.changes.length ?? 0} onClose={() => setAsked(false)} />
      )}
    </>
  );
}

function Rehearsed({ rehearsal, current }: { rehearsal: Rehearsal; current: boolean }) {
  return (
    <>
      {!current && <WarningNote>The text was changed since it was rehearsed.</WarningNote>}
      {rehearsal.differences.length === 0 && current && (
        <DoneNote>{`${count(rehearsal.compared)} addresses of the last ${count(rehearsal.requests)} requests would be answered as they are now.`}</DoneNote>
      )}
      {rehearsal.differences.length > 0 && <RehearsalResult rehearsal={rehearsal} />}
    </>
  );
}

function Apply({ draft, changes, onClose }: { draft: Draft; changes: number; onClose: () => void }) {
  const order = useOrder();
  const [force, setForce] = useState(false);
  return (
    <Ask
      title="Apply this configuration?"
      effect={
        <>
          {changes === 1 ? '1 setting changes.' : `${count(changes)} settings change.`} It is tried out of sight first;
          if a page that was found is found no more, it is refused. Then the workers follow one by one, and no
          connection is closed. The text is written into the file.
          <Checkbox
            mt="md"
            label="Even if something is found no more"
            checked={force}
            onChange={(event) => setForce(event.currentTarget.checked)}
          />
        </>
      }
      verb={`Apply ${changes === 1 ? '1 change' : `${count(changes)} changes`}`}
      dangerous={force}
      run={() => order.mutateAsync(() => putConfig(draft.text, draft.tag, force))}
      onClose={onClose}
    />
  );
}

/** With the line and the key, as far as there are any. */
function written({ reason, line, key }: Mistake): string {
  const place = [line === null ? '' : `Line ${line}`, key === null ? '' : visible(key)].filter((part) => part !== '');
  return place.length === 0 ? visible(reason) : `${place.join(', ')}: ${visible(reason)}`;
}
