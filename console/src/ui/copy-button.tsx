import { useEffect, useState } from 'react';
import { useText } from '../i18n/text.js';
import type { IconName } from './icon.js';
import { IconButton } from './icon-button.js';

interface Props {
  readonly text: string;
  readonly label?: string;
  readonly icon?: IconName;
}

/** Copies, and says so for a moment. */
export function CopyButton({ text, label, icon = 'copy' }: Props) {
  const t = useText();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    await writeClipboard(text);
    setCopied(true);
  };
  return (
    <IconButton
      icon={isCopied ? 'check' : icon}
      size="small"
      label={isCopied ? t.common.copied : (label ?? t.common.copy)}
      onClick={() => void copy()}
    />
  );
}

/** The clipboard is closed to pages without https; a selected text can be copied there as well. */
export async function writeClipboard(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
