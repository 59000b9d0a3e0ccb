import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly lead?: ReactNode;
  /** What can be done here, at the right of the title. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A page that is read from top to bottom. */
export function Sheet({ title, lead, action, children }: Props) {
  return (
    <main className="page">
      <div className="sheet">
        <div className="sheet-head">
          <div>
            <h1>{title}</h1>
            {lead !== undefined && <p>{lead}</p>}
          </div>
          {action}
        </div>
        {children}
      </div>
    </main>
  );
}
