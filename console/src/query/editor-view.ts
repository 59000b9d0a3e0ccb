/**
 * The query editor. It stands in a shadow tree of its own: there CodeMirror brings its style as style sheet objects, and needs
 * no `<style>`, which the page's policy forbids.
 */
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeCompletion,
  completionStatus,
  moveCompletionSelection,
  selectedCompletion,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec, type Text } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import type { QueryPlace } from '../server/call.js';
import { completeQuery, type Vocabulary } from './complete.js';
import { editorTheme } from './editor-theme.js';
import { queryLanguage } from './language.js';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly placeholder: string;
  readonly vocabulary: Vocabulary;
  onChange(text: string): void;
  onRun(): void;
  /** The text from the history, that many steps back from the newest; null if there is none. */
  onHistory(step: 1 | -1): string | null;
}

export interface QueryMistake {
  readonly message: string;
  readonly place: QueryPlace;
}

export function openEditor(options: EditorOptions): EditorView {
  // One that is mounted again finds the tree of the first time.
  const root = options.parent.shadowRoot ?? options.parent.attachShadow({ mode: 'open' });
  const run = () => {
    options.onRun();
    return true;
  };
  const recall = (step: 1 | -1) => (view: EditorView) => {
    const text = options.onHistory(step);
    if (text !== null) setText(view, text);
    return true;
  };
  return new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        history(),
        closeBrackets(),
        queryLanguage(),
        editorTheme(),
        placeholder(options.placeholder),
        autocompletion({ override: [completeQuery(options.vocabulary)], icons: false, selectOnOpen: false }),
        Prec.highest(
          keymap.of([
            { key: 'Enter', run: (view) => runOrAccept(view, options.onRun) },
            { key: 'Mod-Enter', run },
            { key: 'Tab', run: acceptFirst },
            { key: 'Escape', run: (view) => closeCompletion(view) || leave(view) },
            { key: 'Mod-ArrowUp', run: recall(1) },
            { key: 'Mod-ArrowDown', run: recall(-1) },
            { key: 'Mod-Space', run: startCompletion },
          ]),
        ),
        keymap.of([...historyKeymap, ...defaultKeymap]),
        EditorView.lineWrapping,
        EditorView.domEventHandlers({ beforeinput: replaceSelected }),
        EditorView.contentAttributes.of({ 'aria-label': options.label, spellcheck: 'false', autocorrect: 'off' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
}

/**
 * Chromium gives what is typed over a coloured selection the colour as a `style` of its own, which the page's policy stops with
 * a complaint. Brackets and quotes are left to `closeBrackets`, which puts them around the selection.
 */
function replaceSelected(event: InputEvent, view: EditorView): boolean {
  const { inputType, isComposing, data } = event;
  const isOurs = inputType === 'insertText' && !isComposing && data !== null && !/^["'([{]$/.test(data);
  if (!isOurs || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
  return true;
}

/** Suggestions come when they come: Enter takes one only after somebody went to it, and runs the query otherwise. */
function runOrAccept(view: EditorView, run: () => void): boolean {
  if (selectedCompletion(view.state) !== null) return acceptCompletion(view);
  closeCompletion(view);
  run();
  return true;
}

/** To the keys of the page. */
function leave(view: EditorView): boolean {
  view.contentDOM.blur();
  return true;
}

/** Tab takes the first suggestion, or the one that was gone to; without any it leads out of the editor. */
function acceptFirst(view: EditorView): boolean {
  if (completionStatus(view.state) !== 'active') return false;
  if (selectedCompletion(view.state) === null) moveCompletionSelection(true)(view);
  return acceptCompletion(view);
}

export function setText(view: EditorView, text: string): void {
  if (view.state.doc.toString() === text) return;
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: text },
    selection: { anchor: text.length },
  });
}

/** Underlines where the service found a mistake; null takes the line away. */
export function showMistake(view: EditorView, mistake: QueryMistake | null): void {
  const found = mistake === null ? [] : [diagnosticOf(view.state.doc, mistake)];
  view.dispatch(setDiagnostics(view.state, found));
}

/** The word at the place; at the end of the text, the character before it. */
function diagnosticOf(text: Text, { message, place }: QueryMistake): Diagnostic {
  const line = text.line(Math.min(Math.max(place.line, 1), text.lines));
  const at = Math.min(line.from + utf16Length(line.text, place.column - 1), line.to);
  const word = /^[^\s()|":]+/.exec(text.sliceString(at, line.to))?.[0].length ?? 0;
  const to = Math.min(at + Math.max(word, 1), text.length);
  return { from: to === at ? Math.max(at - 1, 0) : at, to, severity: 'error', message };
}

/** Columns count characters, the editor counts UTF-16 units. */
function utf16Length(text: string, characters: number): number {
  return [...text].slice(0, Math.max(characters, 0)).join('').length;
}
