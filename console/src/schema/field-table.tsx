import { useState } from 'react';
import type { NameShare, SchemaField } from '../../../src/api/schema.js';
import { useText } from '../i18n/text.js';
import { START } from '../location/place.js';
import { go } from '../location/use-place.js';
import { useZone } from '../preferences/use-zone.js';
import { hasField } from '../query/condition.js';
import { printShort } from '../time/print-time.js';
import { lastRange } from '../time/range.js';
import { printShare } from '../ui/print-number.js';

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly fields: readonly SchemaField[];
}

/** More rows at a time would only be slow; whoever looks for one filters. */
const ROWS_MAX = 300;

/** Of versions and pages, so many are said. */
const NAMES_SHOWN = 2;

export function FieldTable({ project, logstore, fields }: Props) {
  const t = useText();
  const [typed, setTyped] = useState('');
  const shown = fields.filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <>
      <div className="schema-filter">
        <input
          className="input"
          type="search"
          aria-label={t.fields.filter}
          placeholder={t.fields.filter}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {shown.length > ROWS_MAX && <p>{t.schema.more(String(shown.length - ROWS_MAX))}</p>}
      </div>
      <div className="data-scroll">
        <table className="data">
          <thead>
            <tr>
              <th>{t.schema.field}</th>
              <th>{t.schema.type}</th>
              <th className="number">{t.schema.share}</th>
              <th className="wide-only">{t.schema.lastSeen}</th>
              <th className="wide-only">{t.schema.versions}</th>
              <th className="wide-only">{t.schema.pages}</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, ROWS_MAX).map((field) => (
              <FieldLine key={field.name} project={project} logstore={logstore} field={field} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface LineProps {
  readonly project: string;
  readonly logstore: string;
  readonly field: SchemaField;
}

function FieldLine({ project, logstore, field }: LineProps) {
  const t = useText();
  const zone = useZone();
  const { name, type, types, share, firstSeen, lastSeen, versions, origins } = field;
  const seconds = (time: number) => printShort(Math.floor(time) * 1000, zone);
  const allTypes = types.map((one) => `${t.schema.types[one.type]} ${printShare(one.share)}`).join(', ');
  return (
    <tr>
      <td className="schema-name">
        <button
          type="button"
          className="link-button mono"
          title={t.fields.exists}
          onClick={() => go('visit', { ...START, project, logstore, query: hasField(name), range: lastRange('24h') })}
        >
          {name}
        </button>
      </td>
      <td title={allTypes}>
        {t.schema.types[type]}
        {types.length > 1 && <span className="schema-others"> · {allTypes}</span>}
      </td>
      <td className="number">{printShare(share)}</td>
      <td className="wide-only" title={t.schema.firstSeen(seconds(firstSeen))}>
        {seconds(lastSeen)}
      </td>
      <td className="wide-only">
        <Names names={versions} />
      </td>
      <td className="wide-only">
        <Names names={origins} />
      </td>
    </tr>
  );
}

function Names({ names }: { readonly names: readonly NameShare[] }) {
  const known = names.filter(({ name }) => name !== null);
  const print = ({ name, share }: NameShare) => `${name} ${printShare(share)}`;
  return (
    <span title={known.map(print).join('\n')}>
      {known.slice(0, NAMES_SHOWN).map(print).join(', ') || '–'}
      {known.length > NAMES_SHOWN && ', …'}
    </span>
  );
}
