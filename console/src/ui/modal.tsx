/** A question that has to be answered before anything else goes on. */
import './modal.css';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useText } from '../i18n/text.js';
import { IconButton } from './icon-button.js';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Modal({ title, onClose, children }: Props) {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="modal" aria-labelledby={id} onClose={onClose}>
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={t.common.close} onClick={() => dialog.current?.close()} />
      </header>
      <div className="modal-body">{children}</div>
    </dialog>
  );
}
