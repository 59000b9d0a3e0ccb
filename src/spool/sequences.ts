/** Where the sequences of a shard stand: each logstore counts its log groups. */
export class Sequences {
  /** The next number, by logstore id, of every logstore that has written. */
  readonly next: Map<number, number>;
  /** The next number of every other logstore. Above 0 once numbers were given out that nobody can read any more. */
  first: number;

  constructor(next: Iterable<readonly [number, number]> = [], first = 0) {
    this.next = new Map(next);
    this.first = first;
  }

  take(logstoreId: number): number {
    const seq = this.next.get(logstoreId) ?? this.first;
    this.next.set(logstoreId, seq + 1);
    return seq;
  }

  /** Makes sure that no number below `to` is given out. */
  raise(logstoreId: number, to: number): void {
    this.next.set(logstoreId, Math.max(this.next.get(logstoreId) ?? this.first, to));
  }

  /** The same for every logstore. */
  raiseAll(to: number): void {
    for (const logstoreId of this.next.keys()) this.raise(logstoreId, to);
    this.first = Math.max(this.first, to);
  }
}
