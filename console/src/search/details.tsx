/** One log, whole: a panel beside the list. */
import './details.css';
import { type ReactNode, useState } from 'react';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { layOutJson } from '../rows/json-value.js';
import { entriesOf, type Row } from '../rows/row.js';
import { printIso } from '../time/print-time.js';
import { CopyButton } from '../ui/copy-button.js';
import { IconButton } from '../ui/icon-button.js';

export interface FieldActions {
  readonly columns: readonly string[];
  readonly onInclude: (name: string, value: string) => void;
  readonly onExclude: (name: string, value: string) => void;
  readonly onToggleColumn: (name: string) => void;
  readonly onExists: (name: string) => void;
}

interface Props {
  readonly row: Row;
  /** To the log alone, for others. */
  readonly link: string;
  readonly actions: FieldActions;
  /** The logs around it; absent where they are not known. */
  readonly context?: ReactNode;
  readonly onMove: (step: 1 | -1) => void;
  readonly onClose: () => void;
}

export function Details({ row, link, actions, context, onMove, onClose }: Props) {
  const t = useText();
  const zone = useZone();
  const [isContext, setContext] = useState(false);
  return (
    <aside className="details" aria-label={t.details.title}>
      <header>
        <time dateTime={new Date(row.timeMs).toISOString()}>{printIso(row.timeMs, zone)}</time>
        <span className="details-actions">
          {context !== undefined && (
            <button
              type="button"
              className="button small"
              aria-pressed={isContext}
              onClick={() => setContext(!isContext)}
            >
              {t.details.context}
            </button>
          )}
          <IconButton icon="up" size="small" label={t.details.newer} onClick={() => onMove(-1)} />
          <IconButton icon="down" size="small" label={t.details.older} onClick={() => onMove(1)} />
          {link !== null && <CopyButton text={link} icon="link" label={t.details.copyLink} />}
          <CopyButton text={JSON.stringify(row.log, null, 2)} label={t.details.copyJson} />
          <IconButton icon="close" size="small" label={t.common.close} onClick={onClose} />
        </span>
      </header>
      {isContext && context !== undefined ? (
        context
      ) : (
        <dl>
          {entriesOf(row).map(([name, value]) => (
            <Field key={name} name={name} value={value} actions={actions} />
          ))}
        </dl>
      )}
    </aside>
  );
}

function Field({
  name,
  value,
  actions,
}: {
  readonly name: string;
  readonly value: string;
  readonly actions: FieldActions;
}) {
  const t = useText();
  const { columns, onInclude, onExclude, onToggleColumn } = actions;
  const isColumn = columns.includes(name);
  return (
    <div className="details-field">
      <dt>{name}</dt>
      <dd>{value === '' ? <em>{t.details.empty}</em> : (layOutJson(value) ?? value)}</dd>
      <span className="details-field-actions">
        <IconButton icon="plus" size="small" label={t.details.include(name)} onClick={() => onInclude(name, value)} />
        <IconButton icon="minus" size="small" label={t.details.exclude(name)} onClick={() => onExclude(name, value)} />
        <IconButton
          icon="columns"
          size="small"
          aria-pressed={isColumn}
          label={isColumn ? t.rows.removeColumn(name) : t.details.addColumn(name)}
          onClick={() => onToggleColumn(name)}
        />
        <CopyButton text={value} label={t.details.copyValue(name)} />
      </span>
    </div>
  );
}
