// The one file with colours. A palette feeds both the custom properties that our style sheets use and the theme of
// Naive UI, so the two cannot drift apart; a dark theme is a second palette. Text pairs keep WCAG AA (tested).

import type { GlobalThemeOverrides } from 'naive-ui';

export interface Palette {
  /** Header: the deep red of official letterheads. */
  readonly brand: string;
  readonly brandDeep: string;
  readonly onBrand: string;
  readonly onBrandMuted: string;
  /** Thin ochre line, never a text colour. */
  readonly accent: string;
  readonly page: string;
  readonly surface: string;
  readonly surfaceMuted: string;
  readonly line: string;
  /** Border of inputs: 3:1 against the surface. */
  readonly lineStrong: string;
  readonly text: string;
  readonly textMuted: string;
  readonly primary: string;
  readonly primaryHover: string;
  readonly primaryPressed: string;
  readonly primarySoft: string;
  readonly onPrimary: string;
  readonly danger: string;
  readonly dangerSoft: string;
  readonly warning: string;
  readonly warningSoft: string;
  readonly success: string;
  readonly successSoft: string;
  readonly info: string;
  readonly infoSoft: string;
  readonly neutral: string;
  readonly neutralSoft: string;
  readonly paper: string;
  /** What sheets of a document lie on. */
  readonly paperDesk: string;
}

export const lightPalette: Palette = {
  brand: '#7a1216',
  brandDeep: '#5c0d11',
  onBrand: '#fffaf2',
  onBrandMuted: '#f0d9cf',
  accent: '#c8963e',
  page: '#f5f3ef',
  surface: '#ffffff',
  surfaceMuted: '#faf8f5',
  line: '#ddd7cd',
  lineStrong: '#857d72',
  text: '#1d2126',
  textMuted: '#555c65',
  primary: '#1b4f8a',
  primaryHover: '#164174',
  primaryPressed: '#10315a',
  primarySoft: '#e8f0f9',
  onPrimary: '#ffffff',
  danger: '#a61b1b',
  dangerSoft: '#fcecea',
  warning: '#744700',
  warningSoft: '#fdf1d8',
  success: '#1b6337',
  successSoft: '#e5f4ea',
  info: '#0b5a69',
  infoSoft: '#e1f1f4',
  neutral: '#4a515a',
  neutralSoft: '#edebe6',
  paper: '#ffffff',
  paperDesk: '#e6e2da',
};

/** No download: fonts of the common systems that draw stacked Vietnamese marks well, then the generic family. */
export const FONT_STACK = "'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Writes the palette as custom properties (`--color-brand-deep`); set by script, so CSP needs no exception. */
export function applyPalette(palette: Palette, root: HTMLElement): void {
  for (const [name, color] of Object.entries(palette)) root.style.setProperty(`--color-${kebab(name)}`, color);
  root.style.setProperty('--font-ui', FONT_STACK);
}

export const naiveThemeOf = (palette: Palette): GlobalThemeOverrides => ({
  common: {
    fontFamily: FONT_STACK,
    fontSize: '15px',
    lineHeight: '1.5',
    borderRadius: '6px',
    bodyColor: palette.page,
    cardColor: palette.surface,
    textColorBase: palette.text,
    textColor1: palette.text,
    textColor2: palette.text,
    textColor3: palette.textMuted,
    placeholderColor: palette.textMuted,
    borderColor: palette.lineStrong,
    dividerColor: palette.line,
    primaryColor: palette.primary,
    primaryColorHover: palette.primaryHover,
    primaryColorPressed: palette.primaryPressed,
    primaryColorSuppl: palette.primaryHover,
    errorColor: palette.danger,
    warningColor: palette.warning,
    successColor: palette.success,
    infoColor: palette.info,
  },
  Button: { fontWeight: '500', heightMedium: '38px', paddingMedium: '0 16px' },
  Input: { heightMedium: '38px', placeholderColor: palette.textMuted, border: `1px solid ${palette.lineStrong}` },
});
