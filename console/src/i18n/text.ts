/** Every text of the console, in the language of the person in front of it. */
import { usePreferences } from '../preferences/preferences.js';
import { en } from './en.js';
import { zhCn } from './zh-cn.js';

/** The shape of English: a language that lacks a text does not compile. */
export type Texts = Widened<typeof en>;

type Widened<T> = {
  readonly [Key in keyof T]: T[Key] extends string
    ? string
    : T[Key] extends (...args: infer Args) => string
      ? (...args: Args) => string
      : Widened<T[Key]>;
};

const LANGUAGES: Readonly<Record<'en' | 'zh-CN', Texts>> = { en, 'zh-CN': zhCn };

export function useText(): Texts {
  return LANGUAGES[usePreferences().language];
}
