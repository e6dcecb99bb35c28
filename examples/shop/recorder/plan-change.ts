import type { ServiceName } from '../service/options.ts';
import { defaultSettings } from '../service/settings.ts';
import type { ChangeText } from './change-texts.ts';
import type { PlannedChange } from './plan.ts';
import type { Random } from './random.ts';

/** The name of a service's numbered release; it is the change's id and its revision. */
export const releaseName = (service: ServiceName, number: number): string =>
  `${service}-r${number}`;

/** The change that ships a release. */
export function deployOf(
  service: ServiceName,
  number: number,
  text: ChangeText,
): PlannedChange & { revision: string } {
  const { title, author, files, diff } = text;
  const revision = releaseName(service, number);
  return { kind: 'deploy', id: revision, revision, service, title, author, files, diff };
}

/** The change of one setting from its default, with a person drawn for it. */
export function configOf(
  random: Random,
  number: number,
  service: ServiceName,
  setting: { readonly name: string; readonly to: number; readonly title: string },
): PlannedChange {
  const from = defaultSettings[service][setting.name];
  const file = `config/${service}.yaml`;
  return {
    kind: 'config',
    id: `cfg-${number}`,
    service,
    title: setting.title,
    author: random.pick(['noor.haddad', 'teo.brandt', 'yusuf.kaya']),
    files: [file],
    diff: `--- a/${file}\n+++ b/${file}\n@@ -1,4 +1,4 @@\n-${setting.name}: ${from}\n+${setting.name}: ${setting.to}`,
  };
}
