import { words } from '../words/all-words.js';

const looks = {
  added: 'bg-added-ground text-added',
  deleted: 'bg-removed-ground text-removed',
  modified: 'bg-past-ground text-past',
};

/** New, gone or changed: by its word, and its colour. */
export function ChangeBadge({ status }: { status: keyof typeof looks }) {
  return (
    <span className={`shrink-0 rounded px-1.5 py-px text-xs font-medium ${looks[status]}`}>
      {words.timeTravel.change[status]}
    </span>
  );
}
