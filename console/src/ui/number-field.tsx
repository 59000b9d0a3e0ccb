interface Props {
  readonly label: string;
  readonly name: string;
  readonly hint?: string;
  readonly min: number;
  readonly max?: number;
  /** Any fraction instead of whole numbers. */
  readonly isFraction?: boolean;
  /** Null for one that may be left empty, and is. */
  readonly value: number | null;
  readonly isRequired?: boolean;
}

/** A number in a form, read by its name. */
export function NumberField({ label, name, hint, min, max, isFraction = false, value, isRequired = false }: Props) {
  return (
    <label className="field">
      <span className="label">{label}</span>
      <input
        className="input"
        type="number"
        name={name}
        min={min}
        max={max}
        step={isFraction ? 'any' : 1}
        defaultValue={value ?? ''}
        required={isRequired}
      />
      {hint !== undefined && <span className="hint">{hint}</span>}
    </label>
  );
}
