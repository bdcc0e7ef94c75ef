import { skipToken, useMutation, useQuery } from '@tanstack/react-query';
import { change, get, getTagged, pathOf, Problem } from '../../shared/http';
import type { Operation } from '../../shared/operations';
import type { Wire } from '../../shared/wire';

/**
 * What runs. For a viewer `(hidden)` stands in the place of each password hash. `fileChanged`: another text stands in
 * the file.
 */
export type Config = Wire['Config'];

export type Generation = Omit<Wire['Generation'], 'text'>;

/**
 * A key that two configurations say something else of; null where nothing is said and there is no default; `overruled` is
 * the argument or variable that wins, so that this changes nothing.
 */
export type Change = Wire['ConfigChange'];

export type Diff = Wire['Diff'];

export type Release = Wire['Workers'];

/** What the last requests get now, and would get. */
export type Rehearsal = Wire['Comparison'];

/** No status: no answer. */
export type Outcome = Wire['Answer'];

/** Why a text cannot be used, and where in it that is, as far as it is known. */
export type Mistake = { reason: string; line: number | null; key: string | null; file: string | null };

const YAML = 'application/yaml';

export function useConfig() {
  return useQuery({
    queryKey: ['config'],
    queryFn: ({ signal }) => getTagged<Config>(pathOf('config'), signal),
    refetchInterval: 10_000,
  });
}

export function useGenerations() {
  return useQuery({
    queryKey: ['config', 'history'],
    queryFn: ({ signal }) => get<Generation[]>(pathOf('config', 'history'), signal),
  });
}

/** Nothing is asked without a number. */
export function useGeneration(number: number | null) {
  return useQuery({
    queryKey: ['config', 'generation', number],
    queryFn:
      number === null
        ? skipToken
        : ({ signal }) => get<Generation & { text: string }>(pathOf('config', 'history', number), signal),
  });
}

/** From what runs to what stands in the file. */
export function useFileDiff(wanted: boolean) {
  return useQuery({
    queryKey: ['config', 'file'],
    queryFn: wanted ? ({ signal }) => get<Diff>(pathOf('config', 'diff'), signal) : skipToken,
    retry: false,
  });
}

/** From what runs to a generation. */
export function useDiff(to: number | null) {
  return useQuery({
    queryKey: ['config', 'diff', to],
    queryFn: to === null ? skipToken : ({ signal }) => get<Diff>(`${pathOf('config', 'diff')}?to=${to}`, signal),
    retry: false,
  });
}

export function useRelease() {
  return useQuery({
    queryKey: ['config', 'release'],
    queryFn: ({ signal }) => get<Release>(pathOf('release'), signal),
  });
}

/** What a text would change; it is asked for each text once. */
export function useCheck(text: string | null) {
  return useQuery({
    queryKey: ['check', text],
    queryFn: text === null ? skipToken : () => change<Diff>('POST', pathOf('config', 'validate'), { text, type: YAML }),
    retry: false,
    gcTime: 60_000,
    staleTime: 10_000,
  });
}

export function useRehearsal() {
  return useMutation({
    mutationFn: (text: string) => change<Rehearsal>('POST', pathOf('config', 'rehearse'), { text, type: YAML }),
  });
}

export function putConfig(text: string, tag: string | null, force: boolean): Promise<Operation> {
  return change<Operation>(
    'PUT',
    `${pathOf('config')}?force=${force}`,
    { text, type: YAML },
    tag === null ? {} : { 'If-Match': tag },
  );
}

export function reloadFile(force: boolean): Promise<Operation> {
  return change<Operation>('POST', `${pathOf('config', 'reload')}?force=${force}`);
}

export function rollBack(number: number): Promise<Operation> {
  return change<Operation>('POST', pathOf('config', 'rollback', number));
}

export function release(worker: string, force: boolean): Promise<Operation> {
  return change<Operation>('POST', `${pathOf('release')}?force=${force}`, { json: { worker } });
}

/** The mistake that a refusal names; null if it is of another kind. */
export function mistakeOf(error: Error | null): Mistake | null {
  if (!(error instanceof Problem) || error.status !== 422) return null;
  const { reason, line, key, file } = error.members;
  return {
    reason: typeof reason === 'string' ? reason : error.message,
    line: typeof line === 'number' ? line : null,
    key: typeof key === 'string' ? key : null,
    file: typeof file === 'string' ? file : null,
  };
}
