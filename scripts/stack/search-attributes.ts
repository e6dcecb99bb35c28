/**
 * The typed search attributes of every run, as `temporal operator search-attribute create` names them; a test holds them against
 * `workflows/messages.ts`. SQL stores take at most 3 Int, 3 Bool, 3 Double, 3 Datetime, 3 KeywordList and 10 Keyword attributes in a namespace.
 */
export const searchAttributes = [
  { name: 'Service', type: 'Keyword' },
  { name: 'Phase', type: 'Keyword' },
  { name: 'Trigger', type: 'Keyword' },
  { name: 'Verdict', type: 'Keyword' },
  { name: 'Severity', type: 'Int' },
  { name: 'NeedsApproval', type: 'Bool' },
  { name: 'Agents', type: 'KeywordList' },
] as const;
