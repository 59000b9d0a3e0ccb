/** The query, where and when it looks, and the button that runs it. */
import './query-bar.css';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { QueryEditor } from '../query/query-editor.js';
import { VariableInputs } from '../query/variable-inputs.js';
import { variablesOf } from '../query/variables.js';
import type { Row } from '../rows/row.js';
import { ServerError } from '../server/call.js';
import { Icon } from '../ui/icon.js';
import { LogstorePicker } from './logstore-picker.js';
import { remember } from './query-history.js';
import { RefreshSelect } from './refresh-select.js';
import { TimePicker } from './time-picker.js';
import type { Asked } from './use-asked.js';
import { useDraft } from './use-draft.js';
import { useVocabulary } from './use-vocabulary.js';

interface Props {
  readonly place: Place;
  readonly session: SessionInfo;
  readonly asked: Asked | null;
  readonly onAsk: () => void;
  readonly rows: readonly Row[];
  /** Of the answer to this query. */
  readonly error: unknown;
  readonly isFetching: boolean;
  /** Nothing is asked by itself at present. */
  readonly isHeld: boolean;
  readonly focusCount: number;
  readonly isTimeOpen: boolean;
  readonly onTimeOpenChange: (isOpen: boolean) => void;
}

/** What a search asks: the first parts of the keys it is kept under. */
const OF_A_SEARCH: ReadonlySet<string> = new Set(['logs', 'rows', 'histogram', 'fields', 'facet']);

export function QueryBar({
  place,
  session,
  asked,
  onAsk,
  rows,
  error,
  isFetching,
  isHeld,
  focusCount,
  isTimeOpen,
  onTimeOpenChange,
}: Props) {
  const t = useText();
  const cache = useQueryClient();
  const { draft, write, recall } = useDraft(place.query);
  const vocabulary = useVocabulary(asked, rows);
  const mistake = useMemo(
    () =>
      error instanceof ServerError && error.place !== null ? { message: error.message, place: error.place } : null,
    [error],
  );

  const run = () => {
    remember(draft);
    // Another query is asked by being there; the same one is asked again.
    if (draft === place.query) onAsk();
    else go('visit', { query: draft, log: null });
  };
  const cancel = () => void cache.cancelQueries({ predicate: ({ queryKey }) => OF_A_SEARCH.has(String(queryKey[0])) });

  return (
    <search className="query-bar">
      <LogstorePicker place={place} session={session} />
      <QueryEditor
        text={draft}
        // With values in it, it is another text that the service has read.
        mistake={draft === asked?.query ? mistake : null}
        vocabulary={vocabulary}
        onChange={write}
        onRun={run}
        onHistory={recall}
        focusCount={focusCount}
      />
      <TimePicker
        range={place.range}
        onRange={(range) => {
          if (JSON.stringify(range) === JSON.stringify(place.range)) onAsk();
          else go('visit', { range, log: null });
        }}
        isOpen={isTimeOpen}
        onOpenChange={onTimeOpenChange}
      />
      <RefreshSelect
        seconds={place.refreshSeconds}
        onSeconds={(refreshSeconds) => go('adjust', { refreshSeconds })}
        isHeld={isHeld}
      />
      <button
        type="button"
        className="button"
        aria-pressed={place.isLive}
        title={t.live.hint}
        disabled={asked === null}
        onClick={() => go('visit', { isLive: !place.isLive, log: null })}
      >
        <Icon name="live" />
        {t.live.name}
      </button>
      {isFetching ? (
        <button type="button" className="button run" onClick={cancel}>
          <Icon name="stop" size={14} />
          {t.search.cancel}
        </button>
      ) : (
        <button type="button" className="button primary run" onClick={run} disabled={asked === null}>
          <Icon name="play" size={14} />
          {t.search.run}
        </button>
      )}
      <VariableInputs
        names={variablesOf(place.query)}
        values={place.variables}
        onValues={(variables) => go('visit', { variables, log: null })}
      />
    </search>
  );
}
