/** Asks a search again by itself, for as long as somebody looks and does not read something that would run away. */
import { useEffect, useRef } from 'react';

interface Options {
  /** 0 for never. */
  readonly seconds: number;
  /** Something is being read, or the answer is still to come. */
  readonly isHeld: boolean;
  readonly onRefresh: () => void;
}

export function useAutoRefresh({ seconds, isHeld, onRefresh }: Options): void {
  const refresh = useRef(onRefresh);
  useEffect(() => {
    refresh.current = onRefresh;
  });
  useEffect(() => {
    if (seconds === 0 || isHeld) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refresh.current();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds, isHeld]);
}
