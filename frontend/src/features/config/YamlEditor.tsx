import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import type { Mistake } from './api';
import styles from './YamlEditor.module.css';

type Props = {
  label: string;
  text: string;
  readOnly: boolean;
  mistake: Mistake | null;
  onChange: (text: string) => void;
};

/** The text of a configuration. The Tab key leaves it, as it leaves every field. */
export function YamlEditor({ label, text, readOnly, mistake, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(onChange);
  const access = useRef(new Compartment());
  const first = useRef(text);

  useEffect(() => {
    changed.current = onChange;
  }, [onChange]);

  useEffect(() => {
    if (place.current === null) return;
    const made = new EditorView({
      parent: place.current,
      doc: first.current,
      extensions: [
        // Or what came with CR LF would be another text as soon as it is shown.
        EditorState.lineSeparator.of('\n'),
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        search({ top: true }),
        indentOnInput(),
        lintGutter(),
        yaml(),
        syntaxHighlighting(colours),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
        access.current.of([]),
        looks,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed.current(update.state.doc.toString());
        }),
      ],
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, [label]);

  useEffect(() => {
    view.current?.dispatch({
      effects: access.current.reconfigure(
        readOnly ? [EditorState.readOnly.of(true), EditorView.contentAttributes.of({ 'aria-readonly': 'true' })] : [],
      ),
    });
  }, [readOnly, label]);

  useEffect(() => {
    const shown = view.current;
    if (shown === null || shown.state.doc.toString() === text) return;
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const shown = view.current;
    if (shown !== null) shown.dispatch(setDiagnostics(shown.state, diagnosticsOf(shown.state, mistake)));
  }, [mistake, text]);

  return <div ref={place} className={styles.editor} />;
}

function diagnosticsOf({ doc }: EditorState, mistake: Mistake | null): Diagnostic[] {
  if (mistake?.line == null || mistake.line < 1 || mistake.line > doc.lines) return [];
  const { from, to } = doc.line(mistake.line);
  return [{ from, to, severity: 'error', message: mistake.reason }];
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--series-1)' },
  { tag: [tags.string, tags.content], color: 'var(--ink)' },
  { tag: tags.comment, color: 'var(--ink-dim)' },
  { tag: [tags.keyword, tags.bool, tags.number], color: 'var(--series-3)' },
]);

const looks = EditorView.theme({
  '&': { fontSize: '0.8125rem', maxHeight: '34rem', color: 'var(--ink)', backgroundColor: 'var(--page)' },
  '&.cm-focused': { outline: '2px solid var(--series-1)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { color: 'var(--ink-dim)', backgroundColor: 'var(--page)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--ink) 5%, transparent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--series-4) 30%, transparent) !important',
  },
  '.cm-panels, .cm-tooltip': {
    color: 'var(--ink)',
    backgroundColor: 'var(--panel)',
    border: '1px solid var(--hairline)',
  },
  '.cm-diagnostic': { fontFamily: 'inherit' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad-ink)',
    backgroundColor: 'var(--bad-wash)',
  },
});
