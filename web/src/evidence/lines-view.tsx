import type { LinesView as LinesData } from '../../../core/schemas/evidence-views.ts';
import { formatClock, formatNumber } from '../text/format.ts';
import { TableFrame } from './table-frame.tsx';

/** Log lines as they were written. */
export function LinesView({ data }: { readonly data: LinesData }) {
  const { lines, linesBefore, linesAfter } = data;
  return (
    <>
      <p>
        {formatNumber(linesBefore)} lines before, {formatNumber(linesAfter)} after; {lines.length}{' '}
        shown.
      </p>
      <TableFrame label="Log lines" headings={['Time', 'Service', 'Severity', 'Line']}>
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
      </TableFrame>
    </>
  );
}
