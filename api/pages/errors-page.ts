import { errorPolicy, errorRegistry, isErrorCode } from '../../core/errors.ts';

/** Writes what the registry says of every code as Markdown: the page that problem responses point to. */
export function renderErrorsPage(): string {
  const sections = Object.keys(errorRegistry)
    .filter(isErrorCode)
    .map((code) => {
      const { status, exitCode, retry, advice } = errorPolicy(code);
      const again = retry ? 'may succeed when tried again' : 'fails again in the same way';
      return `## ${code}\n\n${advice}\n\nHTTP status ${status}, exit code ${exitCode}; ${again}.\n`;
    });
  return `# Errors\n\n${sections.join('\n')}`;
}
