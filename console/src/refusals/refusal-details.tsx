import type { RefusalInfo } from '../../../src/api/refusals.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { printIso } from '../time/print-time.js';
import { Modal } from '../ui/modal.js';
import { Notice } from '../ui/notice.js';
import { printBytes } from '../ui/print-number.js';

interface Props {
  readonly refusal: RefusalInfo;
  readonly onClose: () => void;
}

/** What strangers sent is only ever text here. */
export function RefusalDetails({ refusal, onClose }: Props) {
  const t = useText();
  const zone = useZone();
  const { body, detail, offset, field } = refusal;
  const facts: readonly (readonly [string, string | null])[] = [
    [t.rows.time, printIso(refusal.time * 1000, zone)],
    [t.common.requestId, refusal.requestId],
    [t.refusals.request, `${refusal.method} ${refusal.path}`],
    [t.refusals.status, `${refusal.status} ${refusal.errorCode}`],
    [t.refusals.detail, detail],
    [t.refusals.field, field],
    [t.refusals.offset, offset === null ? null : String(offset)],
    [t.refusals.origin, refusal.origin],
    [t.refusals.address, refusal.address],
    [t.refusals.client, refusal.client],
    ['User-Agent', refusal.userAgent],
  ];
  return (
    <Modal title={refusal.reason} onClose={onClose}>
      <Notice kind={refusal.wasRefused ? 'bad' : 'warn'}>
        <p>{refusal.errorMessage}</p>
        <p>{refusal.advice}</p>
      </Notice>
      <dl className="refusal-facts">
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="mono">{value}</dd>
              </div>
            ),
        )}
      </dl>
      {body !== null && (
        <div>
          <p className="field-note">{t.refusals.body(printBytes(body.bytes))}</p>
          <pre className="refusal-body">{body.start}</pre>
        </div>
      )}
    </Modal>
  );
}
