/** What is kept of a client's address, as its logstore says. */
import { createHmac } from 'node:crypto';
import { networkOf } from '../model/ip-address.js';
import type { AddressPrivacy } from '../model/write-rules.js';
import type { DailyKey } from './daily-key.js';

/** Empty for nothing. Holds nothing that JSON would escape. */
export type KeptAddress = (privacy: AddressPrivacy, address: string) => string;

/** Of 48 bits: a million clients a day share one with a probability of one in five hundred. */
const PSEUDONYM_DIGITS = 12;

export function createKeptAddress(daily: DailyKey): KeptAddress {
  return (privacy, address) => {
    switch (privacy) {
      case 'whole':
        return address;
      case 'network':
        return networkOf(address);
      case 'pseudonym':
        return `anon-${createHmac('sha256', daily.key).update(address).digest('hex').slice(0, PSEUDONYM_DIGITS)}`;
      case 'none':
        return '';
    }
  };
}
