/** Why the surest wrong answers are wrong, by the name of the case, as somebody who looked at them found. */
export const explained: Readonly<Record<string, string>> = {
  'healthy-petshop-24':
    'The set calls this time healthy, but a fifth of the requests to the front end failed in it: an incident nobody labelled.',
  'nezha-ob-22':
    'The callee throws before it marks anything as failed; all that shows is that its caller ends requests early, and that is the same whether the caller or what it called last is at fault.',
  'nezha-tt-17':
    'A busy service slows all that it calls and is a third as far out as another one, which throws in 7 % of its requests in the same minutes, and did not before.',
  'petshop-01':
    'The table that the culprit reads is slow as well, and further out than the culprit itself at the five minutes that the metrics resolve.',
  'petshop-15':
    'A function beside the path takes twice as long in one interval of five minutes; its baseline is of another month, in which it was faster all along.',
  'petshop-16':
    '1.4 % of requests fail at the front end and 2.8 % at the balancer before the culprit, which itself shows nothing; the front end is charged for want of anybody else.',
};
