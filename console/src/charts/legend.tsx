import type { SeriesColour } from '../histogram/stack.js';

interface Props {
  readonly title: string | null;
  readonly items: readonly { readonly name: string; readonly note: string; readonly colour?: SeriesColour }[];
}

/** Which colour is what. */
export function Legend({ title, items }: Props) {
  return (
    <figcaption className="legend">
      {title !== null && <span className="legend-title">{title}</span>}
      {items.map(({ name, note, colour }, at) => (
        <span className="legend-item" key={name}>
          <span className="legend-colour" data-series={colour ?? at % 8} />
          {name} <strong>{note}</strong>
        </span>
      ))}
    </figcaption>
  );
}
