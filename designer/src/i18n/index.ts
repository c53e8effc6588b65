// The catalogue of texts. vi.json is the source and always loaded; en.json comes only when asked for.
// vue-i18n compiles messages to a tree that it walks, without eval, so a strict content security policy holds.

import { createI18n } from 'vue-i18n';
import vi from './vi.json';

export type Language = 'vi' | 'en';

const STORAGE_KEY = 'tram.language';

export const i18n = createI18n({
  legacy: false,
  locale: 'vi',
  fallbackLocale: 'vi',
  messages: { vi } as Record<string, typeof vi>, // as: English is added later under the same shape
  missingWarn: false,
  fallbackWarn: false,
});

export async function setLanguage(language: Language): Promise<void> {
  if (language === 'en' && !i18n.global.availableLocales.includes('en')) {
    i18n.global.setLocaleMessage('en', (await import('./en.json')).default);
  }
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
  rememberLanguage(language);
}

/** The language of the last visit; Vietnamese when there was none or the store is closed to us. */
export function recallLanguage(): Language {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'vi';
  } catch {
    return 'vi'; // a browser that forbids storage works as on a first visit
  }
}

function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Forgetting the language at the end of the visit is acceptable where storage is forbidden.
  }
}
