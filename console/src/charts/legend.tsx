interface Props {
  readonly title: string | null;
  readonly items: readonly { readonly name: string; readonly note: string }[];
}

/** Which colour is what. */
export function Legend({ title, items }: Props) {
  return (
    <figcaption className="legend">
      {title !== null && <span className="legend-title">{title}</span>}
      {items.map(({ name, note }, at) => (
        <span className="legend-item" key={name}>
          <span className="legend-colour" data-series={at % 8} />
          {name} <strong>{note}</strong>
        </span>
      ))}
    </figcaption>
  );
}
