import type { DiffEffect } from './diff-effects.ts';
import type { Hunk } from './parse-diff.ts';
import { quoted, splitWords } from './words-of-text.ts';

/** Files in which package managers write which version of what is used. */
const manifests =
  /(^|\/)(go\.mod|package\.json|requirements[\w.-]{0,20}\.txt|pyproject\.toml|Pipfile|pom\.xml|build\.gradle(\.kts)?|Gemfile|Cargo\.toml|composer\.json|\w{1,40}\.csproj)$/;
const pinned = /["']?([\w@./-]{2,100})["']?[\s:=<>~^"'()]{1,8}v?(\d{1,5}\.\d[\w.+-]{0,30})/;

function pinsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const [, name, version] = pinned.exec(line.slice(0, 300)) ?? [];
      return name === undefined || version === undefined ? [] : [[name, version] as const];
    }),
  );
}

/** Finds the packages whose version a change alters. */
export function dependencyEffects(hunks: readonly Hunk[]): readonly DiffEffect[] {
  return hunks.flatMap(({ file, removed, added }) => {
    if (file === null || !manifests.test(file)) return [];
    const before = pinsOf(removed);
    return [...pinsOf(added)].flatMap(([name, version]): DiffEffect[] => {
      const old = before.get(name);
      if (old === version) return [];
      const says =
        old === undefined
          ? `adds ${quoted(`${name} ${version}`, 120)}`
          : `takes ${quoted(name, 100)} from ${quoted(old, 30)} to ${quoted(version, 30)}`;
      return [{ kind: 'dependency-bumped', says, words: packageWords(name) }];
    });
  });
}

/** Parts of paths of packages that say where they are kept, not what they are. */
const hosts: ReadonlySet<string> = new Set([
  'github',
  'gitlab',
  'com',
  'org',
  'net',
  'io',
  'dev',
  'google',
  'golang',
]);

function packageWords(name: string): readonly string[] {
  return splitWords(name).filter((word) => word.length > 3 && !hosts.has(word));
}
