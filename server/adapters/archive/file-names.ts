// Names of files inside an archive package: plain ASCII of at most 50 characters, so that they survive every file
// system and tool for decades. The name that people gave (with diacritics) is kept in PREMIS as originalName.

const MAX_LENGTH = 50;

/** `Quyết định số 12.pdf` → `Quyet-dinh-so-12.pdf` */
function asciiOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '');
}

function splitExtension(name: string): readonly [stem: string, extension: string] {
  const found = /^(.+)(\.[A-Za-z0-9]{1,8})$/.exec(name);
  return [found?.[1] ?? name, found?.[2] ?? ''];
}

export interface NameGiver {
  /** A name not given before (upper and lower case count as the same); `ordinal` keeps the order of the documents. */
  nameFor(ordinal: number, originalName: string): string;
}

/** One giver per folder. The same calls in the same order give the same names. */
export function createNameGiver(): NameGiver {
  const given = new Set<string>();
  return {
    nameFor(ordinal, originalName) {
      const [stem, extension] = splitExtension(asciiOf(originalName));
      const prefix = `${String(ordinal).padStart(3, '0')}_`;
      for (let attempt = 1; ; attempt += 1) {
        const suffix = attempt === 1 ? '' : `-${attempt}`;
        const room = MAX_LENGTH - prefix.length - suffix.length - extension.length;
        const name = `${prefix}${(stem === '' ? 'tep' : stem).slice(0, room)}${suffix}${extension}`;
        if (given.has(name.toLowerCase())) continue;
        given.add(name.toLowerCase());
        return name;
      }
    },
  };
}
