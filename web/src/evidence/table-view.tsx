import type { TableView as TableData } from '../../../core/schemas/evidence-views.ts';
import { formatNumber, toHeading } from '../text/format.ts';
import { TableFrame } from './table-frame.tsx';

type Cell = TableData['rows'][number][number];

/** Rows and columns, wide ones to be scrolled. */
export function TableView({ data }: { readonly data: TableData }) {
  const { columns, rows, omittedRows } = data;
  if (rows.length === 0) return <p>Nothing was there.</p>;
  // A column in which nobody wrote anything says nothing.
  const shown = columns
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => rows.some((row) => !isEmpty(row[index])));
  return (
    <TableFrame
      label="Table"
      headings={shown.map(({ name }) => toHeading(name))}
      foot={omittedRows > 0 && <p>{omittedRows} more rows were left out.</p>}
    >
      {rows.map((row, at) => (
        <tr key={at}>
          {shown.map(({ name, index }) => (
            <TableCell key={name} cell={row[index]} unit={unitOf(row, columns, name)} />
          ))}
        </tr>
      ))}
    </TableFrame>
  );
}

function TableCell({ cell, unit }: { readonly cell: Cell | undefined; readonly unit: string }) {
  if (typeof cell === 'number') return <td data-kind="number">{withUnit(cell, unit)}</td>;
  if (cell?.includes('\n') === true) {
    return (
      <td>
        <pre>{cell}</pre>
      </td>
    );
  }
  return <td>{cell}</td>;
}

/** Values before and after are in the unit that their row names; `1` is a ratio. */
function unitOf(row: readonly Cell[], columns: readonly string[], name: string): string {
  const unit = name === 'before' || name === 'after' ? row[columns.indexOf('unit')] : null;
  return typeof unit === 'string' ? unit : '';
}

function withUnit(value: number, unit: string): string {
  if (unit === '1') return `${formatNumber(value * 100)} %`;
  return unit === '' ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}

function isEmpty(cell: Cell | undefined): boolean {
  return cell === null || cell === undefined || cell === '';
}
