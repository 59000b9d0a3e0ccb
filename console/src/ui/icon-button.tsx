import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './icon.js';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: IconName;
  /** What it does: read aloud, and shown when pointed at. */
  readonly label: string;
  readonly size?: 'small' | undefined;
}

export function IconButton({ icon, label, size, className = 'quiet', ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={`button icon-only ${size ?? ''} ${className}`}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} size={size === 'small' ? 14 : 16} />
    </button>
  );
}
