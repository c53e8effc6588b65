// Contrast of the palette after WCAG 2.2: 4.5 for text, 3 for borders of inputs and other marks.

import { describe, expect, it } from 'vitest';
import { lightPalette, naiveThemeOf, type Palette } from '../../designer/src/styles/theme.ts';

type Color = keyof Palette;

function luminanceOf(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrastOf(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminanceOf(a), luminanceOf(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT_PAIRS: readonly (readonly [Color, Color])[] = [
  ['text', 'page'],
  ['text', 'surface'],
  ['text', 'surfaceMuted'],
  ['text', 'primarySoft'],
  ['textMuted', 'page'],
  ['textMuted', 'surface'],
  ['textMuted', 'surfaceMuted'],
  ['onBrand', 'brand'],
  ['onBrand', 'brandDeep'],
  ['onBrandMuted', 'brand'],
  ['onPrimary', 'primary'],
  ['onPrimary', 'primaryHover'],
  ['onPrimary', 'primaryPressed'],
  ['primary', 'surface'],
  ['primary', 'page'],
  ['danger', 'surface'],
  ['danger', 'dangerSoft'],
  ['surface', 'danger'],
  ['warning', 'surface'],
  ['warning', 'warningSoft'],
  ['surface', 'warning'],
  ['success', 'successSoft'],
  ['info', 'infoSoft'],
  ['neutral', 'neutralSoft'],
];

describe('light palette', () => {
  it.each(TEXT_PAIRS)('lets %s be read on %s', (text, ground) => {
    expect(contrastOf(lightPalette[text], lightPalette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it('makes borders of inputs visible on their ground', () => {
    expect(contrastOf(lightPalette.lineStrong, lightPalette.surface)).toBeGreaterThanOrEqual(3);
    expect(contrastOf(lightPalette.lineStrong, lightPalette.page)).toBeGreaterThanOrEqual(3);
  });

  it('is what the component library draws with', () => {
    expect(naiveThemeOf(lightPalette).common).toMatchObject({
      primaryColor: lightPalette.primary,
      errorColor: lightPalette.danger,
      borderColor: lightPalette.lineStrong,
    });
  });
});
