/** Signing in with an access key. */
import './sign-in.css';
import { type ClipboardEvent, type FormEvent, useId } from 'react';
import { useText } from '../i18n/text.js';
import { useSignIn } from '../server/session.js';
import { Trouble } from '../ui/notice.js';
import { Logo } from './logo.js';
import { PreferencesMenu } from './preferences-menu.js';

/** The service prints a key as `id:secret`: pasted as a whole it goes into both fields. */
function pasteBoth(event: ClipboardEvent<HTMLInputElement>): void {
  const [, id, secret] = /^\s*([^\s:]+):(\S+)\s*$/.exec(event.clipboardData.getData('text')) ?? [];
  const { form } = event.currentTarget;
  const [idField, secretField] = ['id', 'secret'].map((name) => form?.elements.namedItem(name));
  if (id === undefined || secret === undefined) return;
  if (!(idField instanceof HTMLInputElement && secretField instanceof HTMLInputElement)) return;
  event.preventDefault();
  idField.value = id;
  secretField.value = secret;
}

export function SignIn() {
  const t = useText();
  const signIn = useSignIn();
  const id = useId();

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    signIn.mutate({ id: text('id'), secret: text('secret') });
  };

  return (
    <main className="sign-in">
      <div className="sign-in-preferences">
        <PreferencesMenu align="right" />
      </div>
      <form onSubmit={submit} aria-labelledby={`${id}-title`}>
        <Logo size={40} />
        <h1 id={`${id}-title`}>{t.signIn.title}</h1>
        <p className="sign-in-lead">{t.signIn.lead}</p>
        {signIn.isError && <Trouble error={signIn.error} />}
        <label className="field">
          <span className="label">{t.signIn.id}</span>
          <input className="input" name="id" onPaste={pasteBoth} autoComplete="username" spellCheck={false} required />
        </label>
        <label className="field">
          <span className="label">{t.signIn.secret}</span>
          <input className="input" name="secret" type="password" autoComplete="current-password" required />
        </label>
        <button type="submit" className="button primary" disabled={signIn.isPending}>
          {signIn.isPending ? t.signIn.working : t.signIn.submit}
        </button>
        <details>
          <summary>{t.signIn.where}</summary>
          <p>{t.signIn.whereFile}</p>
          <pre>cat data/access-key</pre>
          <p>{t.signIn.whereNew}</p>
          <pre>logboom key create --roles read</pre>
        </details>
      </form>
    </main>
  );
}
