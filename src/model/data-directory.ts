/** Names in the data directory that more than one part knows. */

/** Is there while a backup is restored to the directory; if it stays, the restore has not finished and no service may begin. */
export const RESTORE_MARK = 'restore-unfinished';
