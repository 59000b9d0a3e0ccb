/** Asks before something is lost, and names what. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { useText } from '../i18n/text.js';
import { Modal } from './modal.js';
import { Trouble } from './notice.js';

interface Props {
  readonly title: string;
  /** What is lost. */
  readonly children: ReactNode;
  /** Has to be typed, for what cannot be brought back. */
  readonly name: string;
  readonly action: string;
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function Confirm({ title, children, name, action, change, onConfirm, onClose }: Props) {
  const t = useText();
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onConfirm();
  };
  return (
    <Modal title={title} onClose={onClose}>
      {children}
      <form className="form" onSubmit={submit}>
        <label className="field">
          <span className="label">{t.common.typeName(name)}</span>
          <input
            className="input"
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        {change.error !== null && <Trouble error={change.error} />}
        <div className="modal-actions">
          <button type="button" className="button" onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" className="button danger" disabled={typed !== name || change.isPending}>
            {action}
          </button>
        </div>
      </form>
    </Modal>
  );
}
