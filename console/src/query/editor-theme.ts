import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** Custom properties reach into the shadow tree, so that it follows the theme of the page. */
export function editorTheme(): Extension {
  return EditorView.theme({
    '&': {
      maxHeight: '40vh',
      border: '1px solid var(--line-strong)',
      borderRadius: 'var(--radius)',
      backgroundColor: 'var(--raised)',
      color: 'var(--text)',
      fontSize: '13px',
    },
    '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '0' },
    '.cm-scroller': { fontFamily: 'var(--font-log)', lineHeight: '20px' },
    '.cm-content': { padding: '4px 0', caretColor: 'var(--text)' },
    '.cm-line': { padding: '0 9px' },
    '.cm-cursor': { borderLeftColor: 'var(--text)' },
    '.cm-placeholder': { color: 'var(--text-faint)' },
    '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
      backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent) !important',
    },
    '.cm-lintRange-error': {
      backgroundImage: 'none',
      textDecoration: 'underline wavy var(--bad)',
      textUnderlineOffset: '3px',
      textDecorationSkipInk: 'none',
    },
    '.cm-tooltip': {
      border: '1px solid var(--line)',
      borderRadius: 'var(--radius)',
      backgroundColor: 'var(--raised)',
      color: 'var(--text)',
      boxShadow: 'var(--shadow)',
      overflow: 'hidden',
    },
    '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-log)', fontSize: '12px', maxHeight: '260px' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 9px' },
    '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--selected)', color: 'var(--text)' },
    '.cm-completionDetail': { color: 'var(--text-soft)', fontStyle: 'normal' },
    '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)', fontFamily: 'var(--font)' },
  });
}
