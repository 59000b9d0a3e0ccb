/** A panel that opens below its button, and closes when one turns to something else. */
import './popover.css';
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface Props {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  /** Of the panel, for those who hear it. */
  readonly label: string;
  /** The button's content. */
  readonly button: ReactNode;
  readonly buttonLabel?: string;
  readonly buttonClass?: string;
  readonly align?: 'left' | 'right';
  readonly children: ReactNode;
}

export function Popover({
  isOpen,
  onOpenChange,
  label,
  button,
  buttonLabel,
  buttonClass = '',
  align = 'left',
  children,
}: Props) {
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) onOpenChange(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // It closes this, and nothing behind it.
      event.stopPropagation();
      onOpenChange(false);
      opener.current?.focus();
    };
    document.addEventListener('pointerdown', onPointer);
    document.addEventListener('keydown', onKey, true);
    return () => {
      document.removeEventListener('pointerdown', onPointer);
      document.removeEventListener('keydown', onKey, true);
    };
  }, [isOpen, onOpenChange]);

  return (
    <div className="popover" ref={root}>
      <button
        type="button"
        ref={opener}
        className={`button ${buttonClass}`}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-label={buttonLabel}
        title={buttonLabel}
        onClick={() => onOpenChange(!isOpen)}
      >
        {button}
      </button>
      {isOpen && (
        <section className={`popover-panel ${align}`} id={id} aria-label={label}>
          {children}
        </section>
      )}
    </div>
  );
}
