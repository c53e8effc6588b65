// Pure rules about agency codes (QCVN 102:2016: four dot-separated groups, 13 characters).

const FULL_CODE = /^\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}$/;
const GROUP_WIDTHS = [3, 2, 2, 3] as const;

export const isAgencyCode = (text: string): boolean => FULL_CODE.test(text);

/**
 * Full form of a code as met on the wire: truncated forms such as `28.22.H17` lack leading groups, which are
 * zeros. Null when the text cannot be a code.
 */
export function normalizeAgencyCode(text: string): string | null {
  const groups = text.trim().toUpperCase().split('.');
  if (groups.length === 0 || groups.length > GROUP_WIDTHS.length) return null;
  const missing = GROUP_WIDTHS.slice(0, GROUP_WIDTHS.length - groups.length).map((width) => '0'.repeat(width));
  const full = [...missing, ...groups].map((group, index) => group.padStart(GROUP_WIDTHS[index] ?? 0, '0')).join('.');
  return isAgencyCode(full) ? full : null;
}
