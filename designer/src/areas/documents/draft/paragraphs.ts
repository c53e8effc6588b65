// Text box ↔ paragraphs of a letter: an empty line ends a paragraph; single line breaks inside one are kept as
// separate paragraphs too, as in a word processor.

export const paragraphsOf = (text: string): string[] =>
  text
    .normalize('NFC')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

export const textOf = (paragraphs: readonly string[]): string => paragraphs.join('\n\n');
