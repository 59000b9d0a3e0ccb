import type { EditorView } from '@codemirror/view';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useText } from '../i18n/text.js';
import type { Vocabulary } from './complete.js';
import { openEditor, type QueryMistake, setText, showMistake } from './editor-view.js';

interface Props {
  readonly text: string;
  readonly mistake: QueryMistake | null;
  readonly vocabulary: Vocabulary;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
  readonly onHistory: (step: 1 | -1) => string | null;
  /** Counts up to ask for the focus. */
  readonly focusCount: number;
}

export function QueryEditor({ text, mistake, vocabulary, onChange, onRun, onHistory, focusCount }: Props) {
  const t = useText();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useEffectEvent(onChange);
  const run = useEffectEvent(onRun);
  const recall = useEffectEvent(onHistory);
  const fieldNames = useEffectEvent(() => vocabulary.fieldNames());
  const values = useEffectEvent((field: string, signal: AbortSignal) => vocabulary.values(field, signal));
  const first = useEffectEvent(() => text);
  const { label, placeholder } = t.editor;

  useEffect(() => {
    if (host.current === null) return;
    const editor = openEditor({
      parent: host.current,
      text: first(),
      label,
      placeholder,
      vocabulary: { fieldNames: () => fieldNames(), values: (field, signal) => values(field, signal) },
      onChange: (next) => changed(next),
      onRun: () => run(),
      onHistory: (step) => recall(step),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [label, placeholder]);

  useEffect(() => {
    if (view.current !== null) setText(view.current, text);
  }, [text]);

  useEffect(() => {
    if (view.current !== null) showMistake(view.current, mistake);
  }, [mistake]);

  useEffect(() => {
    if (focusCount > 0) view.current?.focus();
  }, [focusCount]);

  return <div className="query-editor" ref={host} />;
}
