import type { LinesView as LinesData } from '../../../core/schemas/evidence-views.ts';
import { formatClock, formatNumber } from '../text/format.ts';
import classes from './table.module.css';

/** Log lines as they were written. */
export function LinesView({ data }: { readonly data: LinesData }) {
  const { lines, linesBefore, linesAfter } = data;
  return (
    <>
      <p>
        {formatNumber(linesBefore)} lines before, {formatNumber(linesAfter)} after; {lines.length}{' '}
        shown.
      </p>
      <div className={classes['scroller']} tabIndex={0} role="region" aria-label="Log lines">
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Service</th>
              <th scope="col">Severity</th>
              <th scope="col">Line</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ at, service, severity, body, traceId }, index) => (
              <tr key={`${index} ${traceId}`}>
                <td data-kind="number">{formatClock(at)}</td>
                <td>{service}</td>
                <td>{severity}</td>
                <td>
                  <code>{body}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
