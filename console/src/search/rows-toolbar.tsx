/** How the rows are shown, and what the answer was. */
import { useState } from 'react';
import type { LogsAnswer } from '../../../src/api/query.js';
import { ExportDialog } from '../export/export-dialog.js';
import { useText } from '../i18n/text.js';
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { ViewButtons } from '../rows/view-buttons.js';
import { SavedMenu } from '../saved/saved-menu.js';
import { IconButton } from '../ui/icon-button.js';
import { printBytes, printCount, printDuration } from '../ui/print-number.js';
import { ShareMenu } from './share-menu.js';
import type { Asked } from './use-asked.js';

interface Props {
  readonly place: Place;
  readonly asked: Asked;
  readonly pages: readonly LogsAnswer[] | undefined;
  readonly rowCount: number;
  readonly mayManage: boolean;
}

export function RowsToolbar({ place, asked, pages, rowCount, mayManage }: Props) {
  const t = useText();
  const { order } = place;
  const [isExporting, setExporting] = useState(false);
  return (
    <div className="rows-toolbar">
      <ViewButtons place={place} />
      <button
        type="button"
        className="button small quiet"
        onClick={() => go('visit', { order: order === 'newestFirst' ? 'oldestFirst' : 'newestFirst', log: null })}
      >
        {t.rows.order[order]}
      </button>
      <Figures pages={pages} rowCount={rowCount} />
      <IconButton icon="download" size="small" label={t.export.title} onClick={() => setExporting(true)} />
      {isExporting && <ExportDialog asked={asked} columns={place.columns} onClose={() => setExporting(false)} />}
      <SavedMenu place={place} project={asked.project} mayManage={mayManage} />
      <ShareMenu place={place} asked={asked} />
    </div>
  );
}

/** What the pages so far cost, together. */
function Figures({ pages, rowCount }: Pick<Props, 'pages' | 'rowCount'>) {
  const t = useText();
  if (pages === undefined) return <span className="figures" />;
  const sum = (of: (meta: LogsAnswer['meta']) => number) => pages.reduce((total, { meta }) => total + of(meta), 0);
  const isPartial = pages.some(({ meta }) => meta.progress === 'Incomplete');
  return (
    <span className="figures" role="status">
      {isPartial && <span className="badge warn">{t.search.partial}</span>}
      {t.rows.figures(
        printCount(rowCount),
        printCount(sum((meta) => meta.scannedRows)),
        printBytes(sum((meta) => meta.scannedBytes)),
        printDuration(sum((meta) => meta.elapsedMs)),
      )}
    </span>
  );
}
