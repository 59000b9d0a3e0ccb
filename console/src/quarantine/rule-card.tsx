/** A rule that mends logs in quarantine: its steps, what it would make of the newest, and the replay by it. */
import { useState } from 'react';
import type { QuarantineSelection, RuleStep } from '../../../src/api/quarantine.js';
import { useText } from '../i18n/text.js';
import { usePreview, useReplay } from '../server/quarantine.js';
import { Icon } from '../ui/icon.js';
import { Modal } from '../ui/modal.js';
import { Trouble } from '../ui/notice.js';
import { PreviewTable } from './preview-table.js';
import { ReplayProgress } from './replay-progress.js';
import { RuleStepLine } from './rule-step-line.js';

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly selection: QuarantineSelection;
  /** The replay that is running already, if any. */
  readonly runningId: string | null;
  readonly onDone: () => void;
}

/** With a key of its own, as steps have none. */
interface Step {
  readonly key: number;
  readonly step: RuleStep;
}

export function RuleCard({ project, logstore, selection, runningId, onDone }: Props) {
  const t = useText();
  const [steps, setSteps] = useState<readonly Step[]>([{ key: 0, step: { do: 'cast' } }]);
  const [isAsking, setAsking] = useState(false);
  const preview = usePreview(project, logstore);
  const replay = useReplay(project, logstore);
  const rule = steps.map(({ step }) => step);
  const replayId = replay.data?.id ?? runningId;
  const change = (next: readonly Step[]) => {
    preview.reset();
    setSteps(next);
  };
  return (
    <section className="card" aria-label={t.quarantine.rule}>
      <div className="card-head">
        <h2>{t.quarantine.rule}</h2>
        <p>{t.quarantine.ruleHint}</p>
      </div>
      <ol className="rule-steps">
        {steps.map(({ key, step }, at) => (
          <li key={key}>
            <RuleStepLine
              step={step}
              onChange={(changed) => change(steps.with(at, { key, step: changed }))}
              onRemove={() => change(steps.toSpliced(at, 1))}
            />
          </li>
        ))}
      </ol>
      <div className="rule-actions">
        <button
          type="button"
          className="button"
          onClick={() =>
            change([...steps, { key: Math.max(0, ...steps.map(({ key }) => key)) + 1, step: { do: 'cast' } }])
          }
        >
          <Icon name="plus" size={14} />
          {t.quarantine.addStep}
        </button>
        <button
          type="button"
          className="button"
          disabled={preview.isPending}
          onClick={() => preview.mutate({ ...selection, rule })}
        >
          {t.quarantine.preview}
        </button>
        <button
          type="button"
          className="button primary"
          // What it will do has to have been looked at.
          disabled={preview.data === undefined || runningId !== null}
          onClick={() => setAsking(true)}
        >
          {t.quarantine.replay}
        </button>
      </div>
      {preview.isError && <Trouble error={preview.error} />}
      {replay.isError && <Trouble error={replay.error} />}
      {replayId !== null && (
        <ReplayProgress key={replayId} project={project} logstore={logstore} id={replayId} onDone={onDone} />
      )}
      {preview.data !== undefined && <PreviewTable answer={preview.data} />}
      {isAsking && (
        <Modal title={t.quarantine.replay} onClose={() => setAsking(false)}>
          <p>{t.quarantine.replayMeans(logstore)}</p>
          <p className="mono">{selection.query || '*'}</p>
          <div className="modal-actions">
            <button type="button" className="button" onClick={() => setAsking(false)}>
              {t.common.cancel}
            </button>
            <button
              type="button"
              className="button primary"
              onClick={() => {
                setAsking(false);
                replay.mutate({ ...selection, rule });
              }}
            >
              {t.quarantine.replayNow}
            </button>
          </div>
        </Modal>
      )}
    </section>
  );
}
