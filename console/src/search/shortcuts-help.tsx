import './shortcuts-help.css';
import { useText } from '../i18n/text.js';
import { Modal } from '../ui/modal.js';

/** Keys, and the names of what they do in the texts. */
const KEYS = [
  ['/', 'query'],
  ['Enter', 'run'],
  ['Shift+Enter', 'newLine'],
  ['Ctrl+↑ ↓', 'history'],
  ['Ctrl+Space', 'complete'],
  ['d', 'time'],
  ['t', 'live'],
  ['j k', 'move'],
  ['Esc', 'close'],
  ['?', 'help'],
] as const;

export function ShortcutsHelp({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  return (
    <Modal title={t.keys.title} onClose={onClose}>
      <dl className="shortcuts">
        {KEYS.map(([key, name]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t.keys[name]}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
