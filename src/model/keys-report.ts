/** The keys of one logstore as a worker meets them, since it told last. */
export interface KeysReport {
  readonly logstoreId: number;
  /** How many keys the logstore may have. */
  readonly keysMax: number;
  /** New ones. */
  readonly letIn: readonly string[];
  /** Log groups with keys over the cap. */
  readonly overGroups: number;
  /** One of those keys; empty if there was none. */
  readonly example: string;
}
