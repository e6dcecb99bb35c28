/** A request as `--file` takes it, with a word on every field. */
export const requestTemplate = `# A request for \`holdfast investigate --file FILE\`; JSON of the same shape does as well.
case: shop-c9e3                   # the name of a case that the API knows, or a folder with an incident.yaml; without it, what was received
question: What broke, and since when?   # the rest is optional, and overrides what the case says
# alert:
#   title: Orders fail at the gateway
#   severity: error               # critical, error, warning or info
#   entity: { kind: service, name: gateway }
#   startedAt: 2026-11-21T11:00:00Z
# window: { start: 2026-11-21T10:30:00Z, end: 2026-11-21T11:10:00Z }   # at most 7 days
# entity: { kind: service, name: checkout }   # without a case: who hurts
# since: 30m                      # without a case and a window: how far to look back; 2h unless told
# budget: { rounds: 20, calls: 40, wallMs: 300000 }
`;
