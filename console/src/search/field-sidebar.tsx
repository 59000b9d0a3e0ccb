/** The fields that the logs of a search have, and on demand the values of each. */
import './field-sidebar.css';
import { useState } from 'react';
import type { FieldsAnswer } from '../../../src/api/query.js';
import { useText } from '../i18n/text.js';
import { Icon } from '../ui/icon.js';
import { IconButton } from '../ui/icon-button.js';
import { Trouble } from '../ui/notice.js';
import { printCount, printShare } from '../ui/print-number.js';
import type { FieldActions } from './details.js';
import type { Asked } from './use-asked.js';
import { useFacet, useFields } from './use-overview.js';

interface Props {
  readonly asked: Asked;
  /** The rows are there; they come first. */
  readonly mayAsk: boolean;
  readonly actions: FieldActions;
}

type Field = FieldsAnswer['fields'][number];

export function FieldSidebar({ asked, mayAsk, actions }: Props) {
  const t = useText();
  const fields = useFields(asked, mayAsk);
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const shown = fields.data?.fields.filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()));
  const toggle = (name: string) =>
    setOpen((names) => new Set(names.has(name) ? [...names].filter((one) => one !== name) : [...names, name]));
  return (
    <aside className="field-sidebar" aria-label={t.fields.title}>
      <input
        className="input"
        type="search"
        placeholder={t.fields.filter}
        aria-label={t.fields.filter}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {fields.isError && <Trouble error={fields.error} onRetry={() => void fields.refetch()} />}
      <ul>
        {shown?.map((field) => (
          <li key={field.name}>
            <FieldLine
              field={field}
              isOpen={open.has(field.name)}
              onToggle={() => toggle(field.name)}
              actions={actions}
            />
            {open.has(field.name) && <TopValues asked={asked} name={field.name} actions={actions} />}
          </li>
        ))}
      </ul>
      {fields.data?.meta.isSampled === true && (
        <p className="field-note">{t.fields.sampled(printCount(fields.data.meta.sampledLogs))}</p>
      )}
    </aside>
  );
}

interface LineProps {
  readonly field: Field;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly actions: FieldActions;
}

/** Letters that say what the values look like. */
const TYPE_SIGNS = { long: '#', double: '.0', json: '{}', text: 'ab' } as const;

function FieldLine({ field: { name, share, type }, isOpen, onToggle, actions }: LineProps) {
  const t = useText();
  const isColumn = actions.columns.includes(name);
  return (
    <div className="field-line">
      <button type="button" className="field-name" aria-expanded={isOpen} onClick={onToggle}>
        <Icon name={isOpen ? 'down' : 'right'} size={12} />
        <span className="field-type" title={t.fields.types[type]}>
          {TYPE_SIGNS[type]}
        </span>
        <span className="field-text">{name}</span>
        <span className="field-share">{printShare(share)}</span>
      </button>
      <IconButton
        icon="columns"
        size="small"
        aria-pressed={isColumn}
        label={isColumn ? t.rows.removeColumn(name) : t.details.addColumn(name)}
        onClick={() => actions.onToggleColumn(name)}
      />
    </div>
  );
}

function TopValues({
  asked,
  name,
  actions,
}: {
  readonly asked: Asked;
  readonly name: string;
  readonly actions: FieldActions;
}) {
  const t = useText();
  const answer = useFacet(asked, name);
  if (answer.isPending) return <p className="field-note">{t.common.loading}</p>;
  if (answer.isError) return <Trouble error={answer.error} onRetry={() => void answer.refetch()} />;
  const { meta, facet } = answer.data;
  if (facet === undefined) return null;
  return (
    <div className="top-values">
      <ol>
        {facet.values.map(({ value, count }) => (
          <li key={value}>
            <meter className="visually-hidden" min={0} max={facet.logs} value={count} />
            <span className="value-bar" style={{ inlineSize: `${(count / facet.logs) * 100}%` }} />
            <span className="value-text" title={value}>
              {value === '' ? t.details.empty : value}
            </span>
            <span className="value-count">{printCount(count)}</span>
            <span className="value-actions">
              <IconButton
                icon="plus"
                size="small"
                label={t.fields.includeValue(name, value)}
                onClick={() => actions.onInclude(name, value)}
              />
              <IconButton
                icon="minus"
                size="small"
                label={t.fields.excludeValue(name, value)}
                onClick={() => actions.onExclude(name, value)}
              />
            </span>
          </li>
        ))}
      </ol>
      <p className="field-note">
        {t.fields.distinct(printCount(facet.distinct), printCount(facet.logs))}
        {meta.progress === 'Incomplete' && ` · ${t.search.partial}`}
      </p>
      <button type="button" className="button small quiet" onClick={() => actions.onExists(name)}>
        {t.fields.exists}
      </button>
    </div>
  );
}
