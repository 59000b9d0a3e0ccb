/** Making a logstore, or changing what it accepts and how long it keeps it. */
import { type FormEvent, useState } from 'react';
import type { AddressPrivacy, LogstoreInfo, OriginPolicy, UpdateLogstore } from '../../../src/api/catalog.js';
import { useText } from '../i18n/text.js';
import { useCreateLogstore, useUpdateLogstore } from '../server/catalog.js';
import { Modal } from '../ui/modal.js';
import { Trouble } from '../ui/notice.js';
import { NumberField } from '../ui/number-field.js';

interface Props {
  readonly project: string;
  /** Null for a new one. */
  readonly logstore: LogstoreInfo | null;
  readonly onClose: () => void;
}

const NEW = {
  webTracking: true,
  ttlDays: 30,
  maxBytes: 0,
  appendMeta: false,
  origins: { mode: 'off', allowed: [], withoutOrigin: 'refuse' },
  quota: { requestsPerSecond: null, bytesPerSecond: null },
  clientAddress: 'whole',
  pathAliases: [],
  quarantine: { isOn: false, ttlDays: 7 },
  keysMax: 2000,
} as const satisfies Partial<LogstoreInfo>;

export function LogstoreForm({ project, logstore, onClose }: Props) {
  const t = useText();
  const create = useCreateLogstore(project);
  const update = useUpdateLogstore(project, logstore?.name ?? '');
  const change = logstore === null ? create : update;
  const start = logstore ?? NEW;
  const [mode, setMode] = useState<OriginPolicy['mode']>(start.origins.mode);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const settings = readSettings(fields, mode);
    const name = String(fields.get('name') ?? '').trim();
    if (logstore === null) create.mutate({ name, ...settings }, { onSuccess: onClose });
    else update.mutate(settings, { onSuccess: onClose });
  };

  return (
    <Modal title={logstore === null ? t.projects.createLogstore : t.projects.edit(logstore.name)} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {logstore === null && (
          <label className="field">
            <span className="label">{t.projects.name}</span>
            <input className="input" name="name" required autoComplete="off" spellCheck={false} />
            <span className="hint">{t.projects.nameHint}</span>
          </label>
        )}
        <label className="check">
          <input type="checkbox" name="webTracking" defaultChecked={start.webTracking} />
          <span>
            <strong>{t.projects.webTracking}</strong> · {t.projects.webTrackingHint}
          </span>
        </label>
        <label className="check">
          <input type="checkbox" name="appendMeta" defaultChecked={start.appendMeta} />
          <span>{t.projects.appendMeta}</span>
        </label>
        <NumberField label={t.projects.ttl} name="ttlDays" min={1} max={3650} value={start.ttlDays} isRequired />
        <NumberField
          label={t.projects.maxBytes}
          name="maxGib"
          hint={t.projects.maxBytesHint}
          min={0}
          isFraction
          value={start.maxBytes === 0 ? null : start.maxBytes / GIB}
        />
        <label className="field">
          <span className="label">{t.projects.origins}</span>
          <select className="select" value={mode} onChange={(event) => setMode(modeOf(event.target.value))}>
            {MODES.map((one) => (
              <option key={one} value={one}>
                {t.projects.originModes[one]}
              </option>
            ))}
          </select>
          <span className="hint">{t.projects.originsHint}</span>
        </label>
        {mode !== 'off' && (
          <>
            <label className="field">
              <span className="label">{t.projects.allowed}</span>
              <textarea
                className="input mono"
                name="allowed"
                rows={4}
                defaultValue={start.origins.allowed.join('\n')}
                placeholder={'https://shop.example.com\nhttps://*.example.com'}
              />
            </label>
            <label className="check">
              <input type="checkbox" name="withoutOrigin" defaultChecked={start.origins.withoutOrigin === 'accept'} />
              <span>{t.projects.withoutOrigin}</span>
            </label>
          </>
        )}
        <label className="field">
          <span className="label">{t.projects.address}</span>
          <select className="select" name="clientAddress" defaultValue={start.clientAddress}>
            {ADDRESSES.map((one) => (
              <option key={one} value={one}>
                {t.projects.addresses[one]}
              </option>
            ))}
          </select>
        </label>
        <NumberField
          label={t.projects.requestQuota}
          name="requestsPerSecond"
          hint={t.projects.quotaHint}
          min={0}
          value={start.quota.requestsPerSecond}
        />
        <NumberField
          label={t.projects.byteQuota}
          name="kibPerSecond"
          hint={t.projects.quotaHint}
          min={0}
          isFraction
          value={start.quota.bytesPerSecond === null ? null : start.quota.bytesPerSecond / 1024}
        />
        <label className="field">
          <span className="label">{t.projects.pathAliases}</span>
          <textarea
            className="input mono"
            name="pathAliases"
            rows={2}
            defaultValue={start.pathAliases.join('\n')}
            placeholder={'/collect\n/a/b.gif'}
          />
          <span className="hint">{t.projects.pathAliasesHint}</span>
        </label>
        <label className="check">
          <input type="checkbox" name="quarantine" defaultChecked={start.quarantine.isOn} />
          <span>
            <strong>{t.projects.quarantine}</strong> · {t.projects.quarantineHint}
          </span>
        </label>
        <NumberField
          label={t.projects.quarantineDays}
          name="quarantineDays"
          min={1}
          max={3650}
          value={start.quarantine.ttlDays}
          isRequired
        />
        <NumberField
          label={t.projects.keysMax}
          name="keysMax"
          hint={t.projects.keysMaxHint}
          min={0}
          max={5000}
          value={start.keysMax}
          isRequired
        />
        {change.isError && <Trouble error={change.error} />}
        <div className="modal-actions">
          <button type="button" className="button" onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" className="button primary" disabled={change.isPending}>
            {logstore === null ? t.projects.createLogstore : t.common.save}
          </button>
        </div>
      </form>
    </Modal>
  );
}

const GIB = 1024 ** 3;
const MODES: readonly OriginPolicy['mode'][] = ['off', 'report', 'enforce'];
const ADDRESSES: readonly AddressPrivacy[] = ['whole', 'network', 'pseudonym', 'none'];

function modeOf(value: string): OriginPolicy['mode'] {
  return MODES.find((one) => one === value) ?? 'off';
}

function readSettings(fields: FormData, mode: OriginPolicy['mode']): UpdateLogstore {
  const text = (name: string) => String(fields.get(name) ?? '').trim();
  const limit = (name: string, unit: number) => (text(name) === '' ? null : Math.round(Number(text(name)) * unit));
  const clientAddress = ADDRESSES.find((one) => one === text('clientAddress'));
  return {
    webTracking: fields.has('webTracking'),
    appendMeta: fields.has('appendMeta'),
    ttlDays: Number(text('ttlDays')),
    maxBytes: limit('maxGib', GIB) ?? 0,
    // Switched off, the list of origins stays as it is.
    origins: mode === 'off' ? { mode } : readOrigins(fields, mode),
    quota: { requestsPerSecond: limit('requestsPerSecond', 1), bytesPerSecond: limit('kibPerSecond', 1024) },
    ...(clientAddress === undefined ? {} : { clientAddress }),
    keysMax: Number(text('keysMax')),
    pathAliases: linesOf(fields, 'pathAliases'),
    quarantine: { isOn: fields.has('quarantine'), ttlDays: Number(text('quarantineDays')) },
  };
}

function readOrigins(fields: FormData, mode: OriginPolicy['mode']): OriginPolicy {
  const allowed = linesOf(fields, 'allowed');
  return { mode, allowed, withoutOrigin: fields.has('withoutOrigin') ? 'accept' : 'refuse' };
}

function linesOf(fields: FormData, name: string): string[] {
  return String(fields.get(name) ?? '')
    .split(/\s+/)
    .filter((line) => line !== '');
}
