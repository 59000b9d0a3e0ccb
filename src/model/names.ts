/** Names that come from outside and become keys and labels. They are never used as file names. */

const PROJECT = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const LOGSTORE = /^[a-z0-9](?:[a-z0-9_-]{0,61})[a-z0-9]$/;

/** 3 to 63 lower-case letters, digits and `-`, neither end a `-`. SLS naming rules for projects. */
export function isProjectName(name: string): boolean {
  return PROJECT.test(name);
}

/** 2 to 63 lower-case letters, digits, `-` and `_`, both ends a letter or digit. SLS naming rules for logstores. */
export function isLogstoreName(name: string): boolean {
  return LOGSTORE.test(name);
}
