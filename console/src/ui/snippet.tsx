import { CopyButton } from './copy-button.js';

/** Text to be copied into another place. */
export function Snippet({ text }: { readonly text: string }) {
  return (
    <div className="snippet">
      <pre>{text}</pre>
      <CopyButton text={text} />
    </div>
  );
}
