// Bounds of the edXML reader and writer. A message comes from another organisation's software, so everything that
// costs memory or time is bounded before it is spent; the writer keeps the same bounds, so that a node never sends
// what a node of the same version would refuse. Sizes follow the sizing table of the pilot (files up to 50 MB).

const MIB = 1024 * 1024;

/** The whole XML. Base64 adds a third, so this carries the attachments' total with room for the header. */
export const MAX_MESSAGE_BYTES = 100 * MIB;
/** One attachment after unpacking. */
export const MAX_ATTACHMENT_BYTES = 50 * MIB;
/** All attachments of one message together, after unpacking. */
export const MAX_TOTAL_ATTACHMENT_BYTES = 70 * MIB;
export const MAX_ATTACHMENTS = 50;

/** A document message is 9 levels deep and its signature adds 6; the rest is tolerance. */
export const MAX_DEPTH = 32;
/** Elements, comments, CDATA sections and instructions. A circular to all 220 agencies has about 2,000. */
export const MAX_NODES = 50_000;
/** `&amp;` and the like; each costs an allocation. */
export const MAX_REFERENCES = 100_000;
/** No field is longer than 500 characters; what goes far beyond is cut before it is decoded, and refused. */
export const MAX_FIELD_BYTES = 64 * 1024;
export const MAX_ATTRIBUTES_PER_ELEMENT = 32;
export const MAX_NAME_LENGTH = 200;

/** A ZIP holds one file, or (office documents) a few hundred parts; its directory is read, never all its content. */
export const MAX_ZIP_ENTRIES = 5_000;
