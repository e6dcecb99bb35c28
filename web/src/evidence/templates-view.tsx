import type {
  LogLine,
  TemplatesView as TemplatesData,
} from '../../../core/schemas/evidence-views.ts';
import { formatClock, formatNumber } from '../text/format.ts';
import { ToneBadge } from '../text/tone-badge.tsx';
import { TableFrame } from './table-frame.tsx';
import classes from './table.module.css';

type Template = TemplatesData['templates'][number];

/** What is written, how often before and after, with lines as they were written. */
export function TemplatesView({ data }: { readonly data: TemplatesData }) {
  const { templates, omittedTemplates } = data;
  if (templates.length === 0) return <p>There were no lines.</p>;
  return (
    <TableFrame
      label="Log templates"
      headings={['Change', 'Service', 'Template', 'Before', 'After']}
      foot={omittedTemplates > 0 && <p>{omittedTemplates} more templates were left out.</p>}
    >
      {templates.map((template) => (
        <TemplateRow
          key={`${template.service} ${template.severity} ${template.template}`}
          template={template}
        />
      ))}
    </TableFrame>
  );
}

function TemplateRow({ template }: { readonly template: Template }) {
  const { change, service, severity, exemplarsBefore, exemplarsAfter } = template;
  return (
    <tr>
      <td>
        <ToneBadge tone={toneOf(template)}>{change}</ToneBadge>
      </td>
      <td>
        {service}
        <br />
        {severity}
      </td>
      <td>
        <code>{template.template}</code>
        <Exemplars title="after" lines={exemplarsAfter} />
        <Exemplars title="before" lines={exemplarsBefore} />
      </td>
      <Rate lines={template.linesBefore} perSecond={template.perSecondBefore} />
      <Rate lines={template.linesAfter} perSecond={template.perSecondAfter} />
    </tr>
  );
}

function toneOf({ change, severity }: Template): 'bad' | 'open' | 'running' {
  if (change === 'new') return severity === 'error' || severity === 'fatal' ? 'bad' : 'open';
  return change === 'same' ? 'running' : 'open';
}

function Rate({ lines, perSecond }: { readonly lines: number; readonly perSecond: number }) {
  return (
    <td data-kind="number">
      {formatNumber(perSecond)} / s
      <br />
      {formatNumber(lines)} lines
    </td>
  );
}

function Exemplars({
  title,
  lines,
}: {
  readonly title: string;
  readonly lines: readonly LogLine[];
}) {
  if (lines.length === 0) return null;
  return (
    <details className={classes['more']}>
      <summary>
        {lines.length} lines {title}
      </summary>
      {lines.map(({ at, body, traceId }) => (
        <pre key={`${at} ${body} ${traceId}`}>
          {formatClock(at)} {body}
        </pre>
      ))}
    </details>
  );
}
