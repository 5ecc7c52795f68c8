/**
 * The words by which release notes ask a person to do something. Data, not logic: add a row here and a sentence to the
 * corpus in `test/corpus/release-notes/`.
 */

/** A sentence that matches one of these asks for manual work … */
export const ASKS_FOR_WORK: readonly RegExp[] = [
  /\bmanual(ly)?\b/i,
  /\bby hand\b/i,
  /\bbreaking\b/i,
  /\baction (is )?(needed|required)\b/i,
  /\brequired action\b/i,
  /\b(attention|important|warning|caution)\s*[:!]/i,
  /\b(before|prior to|after|when) (you )?(upgrad|updat|deploy)(e|es|ing)\b/i,
  /\b(first|then|please|now|also) (run|execute|rename|remove|delete|move|copy|export|dump|import|set|add|insert|create|generate|rotate|recreate|re-create|migrate|edit|change|update your)\b/i,
  /\b(you|operators?|admins?|administrators?|users|everyone|everybody) (\w+ )?(must|should|need(s)? to|have to|has to|will have to|will need to|are required to|ought to)\b/i,
  /\b(must|need(s)? to|has to|have to) be (\w+ )?(run|executed|renamed|removed|deleted|moved|copied|exported|dumped|imported|set|added|inserted|created|generated|rotated|recreated|migrated|edited|changed|updated|adjusted|converted|done)\b/i,
  /\b(requires?|needs?) (an? |some )?(\w+ )?(migration|intervention|steps?|dump|downtime|export|reindex|conversion|password reset)\b/i,
  /\b(run|execute) (the following|this|these|`)/i,
  /\babra app (cmd|command|run|config|secret|restore|volume|undeploy)\b/i,
  /\b(occ|manage\.py|rails|rake|php artisan|mariadb-upgrade|mysql_upgrade|pg_upgrade|pg_dump(all)?)\b/i,
  /\b(start|create|rewrite) your env(ironment)?( file)? from scratch\b/i,
  /\b(back ?up|snapshot) (your|the) (data|database|volumes?|app)\b/i,
  /\b(make|take|create) a (full )?(back ?up|snapshot|dump)\b/i,
  /\bdata ?base (migration|upgrade|conversion) (is )?(required|needed|necessary)\b/i,
  /\bno longer (supported|works|compatible|read|starts)\b/i,
  /\b(not |in)compatible with (older|previous|earlier|existing)\b/i,
  /\bwas (removed|renamed|dropped)\b/i,
  /\bhave been (removed|renamed|dropped)\b/i,
];

/** Where a sentence begins to say something else. What stands on one side excuses nothing on the other. */
export const CLAUSE_BREAK =
  /:\s|\s[-–—]\s|,?\s(?=(?:but|however|yet|although|though|except|since|because|unless)\b)|,\s(?=(?:so|then|without|please|you|operators?|admins?|administrators?|users)\b)|\sand\s(?=(?:then|please|you|operators?|admins?|administrators?|users)\b)/i;

/** … unless what it says is that there is none to do. */
export const SAYS_NOTHING_TO_DO: readonly RegExp[] = [
  /\bno (manual|breaking|further|other|special|additional|operator|user)\b/i,
  /\bno (action|steps?|intervention|migration|work|changes?)( is| are)? (needed|required|necessary)\b/i,
  /\bnothing (to do|(needs|has) to be done|manual|breaking)\b/i,
  /\b(not|never) (breaking|needed|required|necessary)\b/i,
  /\b(does|do|did|is|are|will|should) ?(not|n't) (\w+ )?(need|require|necessary|needed|required|break|have to|anything)\b/i,
  /\b(doesn't|don't|won't|isn't|aren't|needn't)\b.*\b(need|require|manual|break|action|anything|do)/i,
  /\bwithout (any )?(manual|operator|user|further|breaking)\b/i,
  /\b(there is|there's|there are) no need\b/i,
  /^(?!.*\b(must|have to|has to|needs? to|please|manual(ly)?|by hand|no longer)\b).*\bautomatic(ally)?\b(?!.*\b(not|fails?|except|but)\b)/i,
  /\bno longer (need|require|necessary|has to|have to|must)(s|ed|d)?\b/i,
];
