/**
 * The typed search attributes of every run, for `temporal operator search-attribute create`. SQL stores hold at most 3 Int, 3 Bool, 3 Double,
 * 3 Datetime, 3 KeywordList and 10 Keyword attributes in a namespace.
 */
export const searchAttributes = [
  { name: 'Service', type: 'Keyword' },
  { name: 'Phase', type: 'Keyword' },
  { name: 'Trigger', type: 'Keyword' },
  { name: 'Verdict', type: 'Keyword' },
  { name: 'NeedsApproval', type: 'Bool' },
] as const;
