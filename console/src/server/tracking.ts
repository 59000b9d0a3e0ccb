/** Where pages send their logs. */
import { queryOptions } from '@tanstack/react-query';
import type { TrackingAddress } from '../../../src/api/tracking.js';
import { callForJson } from './call.js';

export const trackingAddress = queryOptions({
  queryKey: ['tracking'],
  queryFn: ({ signal }) => callForJson<TrackingAddress>('tracking', { signal }),
});
