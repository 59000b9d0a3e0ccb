/** Logs as they arrive: the same list, with what is newest on top. Scrolling away from the top makes it stand still. */
import './live-logs.css';
import { useCallback, useState } from 'react';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go, urlOf } from '../location/use-place.js';
import { useZone } from '../preferences/use-zone.js';
import { LogList } from '../rows/log-list.js';
import { ViewButtons } from '../rows/view-buttons.js';
import { ContextList } from '../search/context-list.js';
import { Details, type FieldActions } from '../search/details.js';
import type { Asked } from '../search/use-asked.js';
import { useShortcuts } from '../search/use-shortcuts.js';
import { absoluteRange, type Range } from '../time/range.js';
import { Icon } from '../ui/icon.js';
import { Trouble } from '../ui/notice.js';
import { printCount } from '../ui/print-number.js';
import { TAIL_ROWS_MAX } from './tail-buffer.js';
import { type Tail, useTail } from './use-tail.js';

interface Props {
  readonly place: Place;
  readonly asked: Asked;
  readonly actions: FieldActions;
}

export function LiveLogs({ place, asked, actions }: Props) {
  const t = useText();
  const zone = useZone();
  const tail = useTail(asked);
  const [selected, setSelected] = useState<string | null>(null);
  const [topCount, setTopCount] = useState(0);
  const { buffer, setPaused } = tail;
  const rows = buffer.shown;
  const at = rows.findIndex(({ id }) => id === selected);
  const open = rows[at];

  const select = useCallback(
    (id: string) => {
      setSelected(id);
      // What one reads does not run away.
      setPaused(true);
    },
    [setPaused],
  );
  const move = (step: 1 | -1) => {
    const next = rows[at === -1 ? 0 : at + step];
    if (next !== undefined) select(next.id);
  };
  const goOn = () => {
    setSelected(null);
    setPaused(false);
    setTopCount((n) => n + 1);
  };
  useShortcuts([
    [['j', 'ArrowDown'], () => move(1)],
    [['k', 'ArrowUp'], () => move(-1)],
    [['Escape'], goOn],
  ]);

  return (
    <div className={`found ${open === undefined ? '' : 'with-details'}`}>
      <section className="found-rows" aria-label={t.live.title}>
        <div className="rows-toolbar">
          <ViewButtons place={place} />
          <button type="button" className="button small" onClick={() => (buffer.isPaused ? goOn() : setPaused(true))}>
            <Icon name={buffer.isPaused ? 'play' : 'pause'} size={14} />
            {buffer.isPaused ? t.live.goOn : t.live.pause}
          </button>
          <LiveState tail={tail} />
        </div>
        {tail.error !== null && <Trouble error={tail.error} />}
        {buffer.waitingCount > 0 && (
          <button type="button" className="button primary live-waiting" onClick={goOn}>
            <Icon name="up" size={14} />
            {t.live.waiting(printCount(buffer.waitingCount))}
          </button>
        )}
        {rows.length === 0 && tail.error === null && <p className="search-hint">{t.live.nothing}</p>}
        {rows.length > 0 && (
          <LogList
            rows={rows}
            view={place.view}
            columns={place.columns}
            isWrapped={place.isWrapped}
            zone={zone}
            selected={selected}
            onSelect={select}
            onColumns={(columns) => go('adjust', { columns })}
            onScroll={(isAtTop) => {
              if (!isAtTop) setPaused(true);
              else if (selected === null) setPaused(false);
            }}
            topCount={topCount}
            end={rows.length < TAIL_ROWS_MAX ? t.live.beginning : t.live.bound(printCount(TAIL_ROWS_MAX))}
          />
        )}
      </section>
      {open !== undefined && (
        <Details
          row={open}
          link={urlOf({ ...place, isLive: false, range: rangeAround(open.timeMs), log: open.id })}
          actions={actions}
          context={<ContextList project={asked.project} logstore={asked.logstore} row={open} onOpen={select} />}
          onMove={move}
          onClose={() => setSelected(null)}
        />
      )}
    </div>
  );
}

function LiveState({ tail }: { readonly tail: Tail }) {
  const t = useText();
  const { isConnected, behind, leftOut, perSecond, buffer } = tail;
  return (
    <span className="figures" role="status">
      {leftOut > 0 && <span className="badge warn">{t.live.leftOut(printCount(leftOut))}</span>}
      {behind > 0 && <span className="badge warn">{t.live.behind(printCount(behind))}</span>}
      <span>{t.live.rate(printCount(perSecond), printCount(buffer.total))}</span>
      <span className={`badge ${isConnected ? 'good' : 'warn'}`}>
        {isConnected ? (buffer.isPaused ? t.live.paused : t.live.on) : t.live.connecting}
      </span>
    </span>
  );
}

/** The minute before a log and the one after: where a link to it leads. */
function rangeAround(timeMs: number): Range {
  return absoluteRange({ fromMs: timeMs - 60_000, toMs: timeMs + 60_000 });
}
