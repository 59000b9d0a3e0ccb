import type { RuleStep } from '../../../src/api/quarantine.js';
import { useText } from '../i18n/text.js';
import { IconButton } from '../ui/icon-button.js';

interface Props {
  readonly step: RuleStep;
  readonly onChange: (step: RuleStep) => void;
  readonly onRemove: () => void;
}

const KINDS: readonly RuleStep['do'][] = ['cast', 'dropField', 'rename', 'cut', 'wrap', 'dropLog'];

/** A value that a field of a log can have. */
const BYTES_MAX = 1024 * 1024;

export function RuleStepLine({ step, onChange, onRemove }: Props) {
  const t = useText();
  const field = 'field' in step ? (step.field ?? '') : '';
  return (
    <fieldset className="rule-step" aria-label={t.quarantine.steps[step.do]}>
      <select
        className="select"
        aria-label={t.quarantine.step}
        value={step.do}
        onChange={(event) => onChange(stepOf(KINDS.find((kind) => kind === event.target.value) ?? step.do, field))}
      >
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t.quarantine.steps[kind]}
          </option>
        ))}
      </select>
      {step.do !== 'dropLog' && (
        <input
          className="input mono"
          aria-label={t.schema.field}
          placeholder={step.do === 'cast' || step.do === 'cut' ? t.quarantine.allFields : t.schema.field}
          value={field}
          spellCheck={false}
          onChange={(event) => onChange(withField(step, event.target.value))}
        />
      )}
      {step.do === 'rename' && (
        <input
          className="input mono"
          aria-label={t.quarantine.to}
          placeholder={t.quarantine.to}
          value={step.to}
          spellCheck={false}
          onChange={(event) => onChange({ ...step, to: event.target.value })}
        />
      )}
      {step.do === 'cut' && (
        <input
          className="input"
          type="number"
          aria-label={t.quarantine.bytes}
          min={1}
          max={BYTES_MAX}
          value={step.bytes}
          onChange={(event) => onChange({ ...step, bytes: Number(event.target.value) })}
        />
      )}
      <IconButton icon="trash" size="small" label={t.quarantine.removeStep} onClick={onRemove} />
    </fieldset>
  );
}

/** A step of a kind for the same field. */
function stepOf(kind: RuleStep['do'], field: string): RuleStep {
  switch (kind) {
    case 'cast':
      return withField({ do: 'cast' }, field);
    case 'cut':
      return withField({ do: 'cut', bytes: BYTES_MAX }, field);
    case 'rename':
      return { do: 'rename', field, to: '' };
    case 'dropField':
    case 'wrap':
      return { do: kind, field };
    case 'dropLog':
      return { do: 'dropLog' };
  }
}

/** In a step for all fields an empty name stands for all of them. */
function withField(step: RuleStep, field: string): RuleStep {
  switch (step.do) {
    case 'cast':
      return field === '' ? { do: 'cast' } : { do: 'cast', field };
    case 'cut':
      return field === '' ? { do: 'cut', bytes: step.bytes } : { ...step, field };
    case 'dropLog':
      return step;
    default:
      return { ...step, field };
  }
}
