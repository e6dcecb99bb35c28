import type { ReactNode } from 'react';
import classes from './table.module.css';

interface TableFrameProps {
  /** What the table is, for those who do not see it. */
  readonly label: string;
  readonly headings: readonly string[];
  /** The rows. */
  readonly children: ReactNode;
  /** What is said under the table. */
  readonly foot?: ReactNode;
}

/** A table that is scrolled where it is too wide, also from the keyboard. */
export function TableFrame({ label, headings, children, foot }: TableFrameProps) {
  return (
    <div className={classes['scroller']} tabIndex={0} role="region" aria-label={label}>
      <table className={classes['table']}>
        <thead>
          <tr>
            {headings.map((heading, index) => (
              <th key={index} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {foot}
    </div>
  );
}
