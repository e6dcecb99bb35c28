import type { Releases } from '../service/releases.ts';

function labelByBuild(header: string): string {
  const [app = 'unknown', build = app] = header.split('/');
  return `${app} build ${BigInt(build).toString()}`;
}

/**
 * Names the app a request comes from, given its `x-shop-client` header (`ios/5210`, `web`). The release decides whether
 * every client is taken to have a build number.
 */
export function labelClient(header: string, releases: Releases): string {
  return releases.carries('client-build') ? labelByBuild(header) : header.replace('/', ' build ');
}
