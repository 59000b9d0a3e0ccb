/** Makes a host stand for a project, and says what is left to do outside of the service. */
import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import type { DomainInfo } from '../../../src/api/domains.js';
import { useText } from '../i18n/text.js';
import { useAddDomain } from '../server/domains.js';
import { trackingAddress } from '../server/tracking.js';
import { Modal } from '../ui/modal.js';
import { Notice, Trouble } from '../ui/notice.js';
import { Snippet } from '../ui/snippet.js';

interface Props {
  readonly projects: readonly string[];
  readonly onClose: () => void;
}

export function NewDomain({ projects, onClose }: Props) {
  const t = useText();
  const add = useAddDomain();
  if (add.data !== undefined) return <StepsLeft domain={add.data} onClose={onClose} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    add.mutate({ host: text('host'), project: text('project') });
  };
  return (
    <Modal title={t.domains.create} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label className="field">
          <span className="label">{t.domains.host}</span>
          <input
            className="input"
            name="host"
            required
            autoComplete="off"
            spellCheck={false}
            placeholder="track.shop.example.com"
          />
          <span className="hint">{t.domains.hostHint}</span>
        </label>
        <label className="field">
          <span className="label">{t.search.project}</span>
          <select className="select" name="project">
            {projects.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        {add.isError && <Trouble error={add.error} />}
        <div className="modal-actions">
          <button type="button" className="button" onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" className="button primary" disabled={add.isPending}>
            {t.domains.create}
          </button>
        </div>
      </form>
    </Modal>
  );
}

function StepsLeft({ domain, onClose }: { readonly domain: DomainInfo; readonly onClose: () => void }) {
  const t = useText();
  const scheme = useQuery(trackingAddress).data?.scheme;
  return (
    <Modal title={domain.host} onClose={onClose}>
      <Notice kind="good">{t.domains.added(domain.host, domain.project)}</Notice>
      <p>{t.domains.left}</p>
      <ol>
        <li>{t.domains.dnsStep(domain.host)}</li>
        <li>{scheme === 'https' ? t.domains.ownTlsStep(domain.host) : t.domains.proxyTlsStep(domain.host)}</li>
      </ol>
      <p>{t.domains.check}</p>
      <Snippet text={`curl -i https://${domain.host}/healthz`} />
    </Modal>
  );
}
