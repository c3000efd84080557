import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import type { UseTimeTravelResult } from '#react';

const route = getRouteApi('/chats/projects/$projectId');

/** How long the slider rests before the address says where it is: browsers refuse a hundred changes a second. */
const REST_MS = 250;

/**
 * Keeps the address and the position the same. The step from now into the past is one of the browser's history, so that Back
 * leads to now; further steps take its place.
 */
export function useAddressPosition({ position, playing, goTo }: UseTimeTravelResult) {
  const { at = null, diff = null } = route.useSearch();
  const navigate = route.useNavigate();
  const written = useRef<number | null | undefined>(undefined);

  // an address that came from outside: a link, Back, a click on a message
  useEffect(() => {
    if (written.current === at) return;
    written.current = at;
    goTo(at);
  }, [at, goTo]);

  useEffect(() => {
    if (playing || position === written.current) return;
    const timer = setTimeout(() => {
      const replace = written.current !== null;
      written.current = position;
      void navigate({ search: (before) => ({ ...before, at: position ?? undefined }), replace });
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [position, playing, navigate]);

  const setDiff = useCallback(
    (to: number | 'now' | null) =>
      void navigate({ search: (before) => ({ ...before, diff: to ?? undefined }), replace: true }),
    [navigate],
  );
  return { diff, setDiff };
}
