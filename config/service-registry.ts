import { z } from 'zod';

/** A service whose `/ops/*` endpoints may be called; the token stands here or alone in a file. */
const serviceEntrySchema = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
        'must be 1 to 100 of letters, digits, ".", "_" and "-"',
      ),
    url: z
      .string()
      .max(1_000)
      .refine(isServiceUrl, 'must be an http or https URL without user, query and fragment'),
    token: z.string().optional(),
    tokenFile: z.string().min(1).max(1_000).optional(),
  })
  .refine((entry) => (entry.token === undefined) !== (entry.tokenFile === undefined), {
    path: ['token'],
    error: 'must be given either as token or as tokenFile',
  });

/** The service registry, the file that HOLDFAST_SERVICES names. Names are unique. */
export const serviceRegistrySchema = z
  .strictObject({ services: z.array(serviceEntrySchema).max(1_000) })
  .superRefine((registry, context) => {
    const seen = new Set<string>();
    for (const [index, { name }] of registry.services.entries()) {
      if (seen.has(name)) {
        context.addIssue({
          code: 'custom',
          path: ['services', index, 'name'],
          message: 'is there twice',
        });
      }
      seen.add(name);
    }
  });
export type ServiceRegistry = z.output<typeof serviceRegistrySchema>;

function isServiceUrl(given: string): boolean {
  if (!URL.canParse(given)) return false;
  const { protocol, username, password, search, hash } = new URL(given);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}
