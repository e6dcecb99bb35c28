import { compareTexts } from '../../compare-texts.ts';
import type { Change } from '../../ports/telemetry.ts';
import { splitWords } from './words-of-text.ts';

/** Which of the services that suffer a change reaches, and since when. */
export interface ChangeReach {
  readonly services: readonly string[];
  /** When it took effect: with the deploy that brought it, else when it was made. */
  readonly at: number;
  /** 1 where a path, a title or a deploy says so, less for a shared library of which nobody knows where it runs, 0 where it reaches none. */
  readonly weight: number;
}

const generic = /(?:service|svc|server|srv|app)$/;
const unknownWeight = 0.6;

/** What is left of a service's name without the words that say that it is one. */
function coreOf(service: string): readonly string[] {
  const words = splitWords(service).map((word) =>
    word.length > 6 ? word.replace(generic, '') : word,
  );
  return words.filter((word) => !/^(?:service|svc|server|srv|app|api)$/.test(word) && word !== '');
}

const scope = /^(?:\w{2,12}\(([\w/-]{2,40})\)|#([\w-]{2,40})|\[([\w-]{2,40})\])/;

/** Tells whether a change says by its paths or the scope in its title that it is one of a service, as in a monorepo. */
export function isOfService({ files, title = '', service }: Change, name: string): boolean {
  if (service !== undefined && service !== '') return service === name;
  const core = coreOf(name);
  const joined = core.join('');
  if (joined.length < 3) return false;
  const [, ...scopes] = scope.exec(title) ?? [];
  if (scopes.some((one) => one !== undefined && splitWords(one).join('') === joined)) return true;
  return files.some((file) => {
    const folders = file.split('/').slice(0, -1);
    if (folders.some((folder) => coreOf(folder).join('') === joined)) return true;
    const words = new Set(splitWords(file));
    return core.length > 1 && core.every((word) => words.has(word));
  });
}

const isSame = (one: string, other: string): boolean =>
  one === other ||
  (Math.min(one.length, other.length) >= 7 && (one.startsWith(other) || other.startsWith(one)));

/** The deploys that shipped a change: those of its revision, else the next one of its service. */
function deploysOf(
  change: Change,
  deploys: readonly Change[],
  owners: readonly string[],
): readonly Change[] {
  const exact = deploys.filter(
    ({ revision }) => revision !== undefined && isSame(revision, change.id),
  );
  if (exact.length > 0) return exact;
  return owners.flatMap((owner) => {
    const next = deploys
      .filter(({ service, at }) => service === owner && at >= change.at)
      .toSorted((one, other) => one.at - other.at || compareTexts(one.id, other.id))[0];
    return next ?? [];
  });
}

/** Finds which of the services that suffer a change reaches. `deploys` are those of the window, `known` the services that there are. */
export function reachOf(
  change: Change,
  given: {
    readonly deploys: readonly Change[];
    readonly known: readonly string[];
    readonly suffering: readonly string[];
  },
): ChangeReach {
  const owners = given.known.filter((name) => isOfService(change, name));
  const shipped = deploysOf(change, given.deploys, owners);
  const reached = new Set([...owners, ...shipped.flatMap(({ service }) => service ?? [])]);
  const services = given.suffering.filter((name) => reached.has(name));
  const relevant = shipped.filter(({ service }) => services.includes(service ?? ''));
  const at = Math.min(...(relevant.length > 0 ? relevant : shipped).map((one) => one.at), Infinity);
  const weight = services.length > 0 ? 1 : reached.size === 0 ? unknownWeight : 0;
  return { services, at: Number.isFinite(at) ? at : change.at, weight };
}
