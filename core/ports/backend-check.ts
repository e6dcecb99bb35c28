/** One look at a backend: what was found, and what to do where that is not well. */
export interface BackendCheck {
  readonly name: string;
  readonly state: 'ok' | 'fail';
  readonly found: string;
  readonly advice: string;
}
