import { AppError } from '../../core/errors.ts';
import type { InvestigationRequest } from '../../core/schemas/investigation.ts';
import { readCase } from '../../integrations/duckdb/read-case.ts';
import type { DemoOptions } from './demo-options.ts';
import { startLocalGoogleProcess } from './local-google.ts';

/** What a demo asks, and with which settings the stack has to run for it. */
export interface DemoTelemetry {
  readonly request: InvestigationRequest;
  readonly settings: Readonly<Record<string, string>>;
}

const localProject = 'local-project';

/** Makes ready what the demo looks at: the recorded incident itself, a local Google that is filled from it, or a project of the real one. */
export async function demoTelemetry(
  telemetry: DemoOptions['telemetry'],
  caseDir: string,
  cleanups: (() => Promise<void>)[],
): Promise<DemoTelemetry> {
  switch (telemetry) {
    case 'case':
      return { request: { case: caseDir }, settings: {} };
    case 'google': {
      const google = await startLocalGoogleProcess(caseDir, localProject);
      cleanups.push(google.stop);
      const { alert, window } = await readCase(caseDir);
      return {
        request: { alert, window },
        settings: {
          HOLDFAST_TELEMETRY: 'google-cloud',
          GOOGLE_CLOUD_PROJECT: localProject,
          HOLDFAST_GOOGLE_ENDPOINT: google.url,
          HOLDFAST_BIGQUERY_TABLE: 'telemetry.samples',
          // Else the client libraries ask whether this machine is one of Google's.
          METADATA_SERVER_DETECTION: 'none',
        },
      };
    }
    case 'google-cloud':
      if ((process.env['GOOGLE_CLOUD_PROJECT'] ?? '') === '') {
        throw new AppError(
          'invalid.config',
          'GOOGLE_CLOUD_PROJECT is missing: set it to the id of the project to look at',
        );
      }
      return {
        request: { question: 'Is anything wrong, and why?' },
        settings: { HOLDFAST_TELEMETRY: 'google-cloud' },
      };
  }
}
