// What text of events, devices and files may hide, made visible. Nothing here trusts a character that it does not know to be seen.
import { lookAlikes } from "./lookAlikes";

export type Piece =
  | { kind: "text"; text: string }
  /** Something that is not seen, or must not act: shown as ⟨label⟩ */
  | { kind: "mark"; label: string; name: string; text: string; direction: boolean }
  /** A letter that looks like another */
  | { kind: "odd"; text: string; name: string };

const directions: Record<number, [label: string, name: string]> = {
  0x061c: ["ALM", "Arabic letter mark"],
  0x200e: ["LRM", "left-to-right mark"],
  0x200f: ["RLM", "right-to-left mark"],
  0x202a: ["LRE", "left-to-right embedding"],
  0x202b: ["RLE", "right-to-left embedding"],
  0x202c: ["PDF", "pop directional formatting"],
  0x202d: ["LRO", "left-to-right override"],
  0x202e: ["RLO", "right-to-left override"],
  0x2066: ["LRI", "left-to-right isolate"],
  0x2067: ["RLI", "right-to-left isolate"],
  0x2068: ["FSI", "first strong isolate"],
  0x2069: ["PDI", "pop directional isolate"],
};

const unseen: Record<number, [label: string, name: string]> = {
  0x00a0: ["NBSP", "no-break space"],
  0x00ad: ["SHY", "soft hyphen"],
  0x034f: ["CGJ", "combining grapheme joiner"],
  0x115f: ["HCF", "Hangul filler"],
  0x1160: ["HJF", "Hangul filler"],
  0x17b4: ["KIV", "Khmer inherent vowel"],
  0x17b5: ["KIV", "Khmer inherent vowel"],
  0x180e: ["MVS", "Mongolian vowel separator"],
  0x200b: ["ZWSP", "zero width space"],
  0x200c: ["ZWNJ", "zero width non-joiner"],
  0x200d: ["ZWJ", "zero width joiner"],
  0x2028: ["LS", "line separator"],
  0x2029: ["PS", "paragraph separator"],
  0x2060: ["WJ", "word joiner"],
  0x2800: ["BLANK", "Braille blank"],
  0x3164: ["HF", "Hangul filler"],
  0xfeff: ["BOM", "zero width no-break space"],
  0xffa0: ["HF", "Hangul filler"],
  0x1b: ["ESC", "escape"],
};

/** Blanks in a row from which on they are counted, not shown */
const blanksShown = 3;
/** Combining signs on one letter from which on they are counted, not shown */
const signsShown = 2;

const hex = (code: number) => code.toString(16).toUpperCase().padStart(2, "0");

function markOf(code: number): [label: string, name: string, direction: boolean] | null {
  const direction = directions[code];
  if (direction) return [...direction, true];
  const known = unseen[code];
  if (known) return [...known, false];
  if (code === 0x0a) return ["⏎", "line feed", false];
  if (code === 0x0d) return ["CR", "carriage return", false];
  if (code === 0x09) return ["⇥", "tab", false];
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
    return [hex(code), `control character ${hex(code)}`, false];
  }
  if (code >= 0xfe00 && code <= 0xfe0f) return ["VS", "variation selector", false];
  if (code >= 0xe0100 && code <= 0xe01ef) return ["VS", "variation selector", false];
  if (code >= 0xe0000 && code <= 0xe007f) return ["TAG", "tag character", false];
  if (code >= 0x2061 && code <= 0x2064) return ["INV", "invisible operator", false];
  if (code >= 0x206a && code <= 0x206f) return ["FMT", "deprecated format character", false];
  if (code >= 0xfff9 && code <= 0xfffb) return ["ANN", "annotation character", false];
  if (code >= 0xd800 && code <= 0xdfff) return [hex(code), "half of a character", false];
  if (code >= 0xe000 && code <= 0xf8ff) return [hex(code), "private use character", false];
  // Spaces that are none on the keyboard.
  if ((code >= 0x2000 && code <= 0x200a) || code === 0x202f || code === 0x205f) {
    return ["SP", `space ${hex(code)}`, false];
  }
  return null;
}

const combining = /^\p{M}$/u;
const plain = /^[\x20-\x7e]*$/;

/** Whether a text is nothing but printable ASCII without runs of blanks: shown as it is. */
export function isPlain(text: string): boolean {
  return plain.test(text) && !text.includes("    ");
}

/** The text in pieces; joining their `text` gives the text again. */
export function pieces(text: string): Piece[] {
  if (isPlain(text)) return text === "" ? [] : [{ kind: "text", text }];
  const out: Piece[] = [];
  let run = "";
  const odd = oddLetters(text);
  const flush = () => {
    if (run !== "") out.push({ kind: "text", text: run });
    run = "";
  };
  const mark = (label: string, name: string, raw: string, direction = false) => {
    flush();
    out.push({ kind: "mark", label, name, text: raw, direction });
  };
  const chars = Array.from(text);
  for (let at = 0; at < chars.length;) {
    const char = chars[at] ?? "";
    const code = char.codePointAt(0) ?? 0;
    if (char === " ") {
      let end = at;
      while (chars[end] === " ") end += 1;
      const count = end - at;
      if (count > blanksShown) mark(`${String(count)} spaces`, "run of spaces", " ".repeat(count));
      else run += " ".repeat(count);
      at = end;
      continue;
    }
    const known = markOf(code);
    if (known) {
      mark(known[0], known[1], char, known[2]);
      at += 1;
      continue;
    }
    if (combining.test(char)) {
      let end = at;
      while (end < chars.length && combining.test(chars[end] ?? "")) end += 1;
      const count = end - at;
      const shown = Math.min(count, signsShown);
      run += chars.slice(at, at + shown).join("");
      if (count > shown) {
        const rest = chars.slice(at + shown, end).join("");
        mark(`${String(count - shown)} signs`, "combining signs", rest);
      }
      at = end;
      continue;
    }
    const twin = odd ? lookAlikes[char] : undefined;
    if (twin) {
      flush();
      out.push({ kind: "odd", text: char, name: twin[1] });
    } else run += char;
    at += 1;
  }
  flush();
  return out;
}

const latin = /[A-Za-z]/;
const strange = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/** Whether some word mixes Latin letters with their twins, or is made of twins alone. */
function oddLetters(text: string): boolean {
  if (!strange.test(text)) return false;
  return text.split(/[\s\\/.,:;@_\-()[\]{}"']+/).some((word) => {
    if (!strange.test(word)) return false;
    const letters = Array.from(word).filter((char) => /\p{L}/u.test(char));
    const twins = letters.filter((char) => lookAlikes[char] !== undefined).length;
    if (twins === 0) return false;
    return latin.test(word) || twins === letters.length;
  });
}

/** What the text looks like, where letters of another script stand in for Latin ones; else null. */
export function looksLike(text: string): string | null {
  if (plain.test(text) || !oddLetters(text)) return null;
  return Array.from(text, (char) => lookAlikes[char]?.[0] ?? char).join("");
}

/** Whether the text holds characters that turn the direction of reading. */
export function hasDirectionMarks(text: string): boolean {
  return /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text);
}

/** One line of plain words: for accessible names, where marks can only be said. */
export function spoken(text: string): string {
  return isPlain(text)
    ? text
    : pieces(text)
        .map((piece) => (piece.kind === "mark" ? `⟨${piece.label}⟩` : piece.text))
        .join("");
}

/** For the clipboard: characters that would act in a terminal or chat stand as escapes. */
export function copyText(text: string): string {
  return pieces(text)
    .map((piece) => {
      if (piece.kind !== "mark" || /^ +$/.test(piece.text) || /^[\n\t\u00a0]$/.test(piece.text)) {
        return piece.text;
      }
      return Array.from(piece.text, (char) => {
        const code = char.codePointAt(0) ?? 0;
        return combining.test(char) && !/[\ufe00-\ufe0f]/.test(char) && code < 0xe0000
          ? char
          : `\\u{${code.toString(16)}}`;
      }).join("");
    })
    .join("");
}

/** Addresses and URLs that a program does not turn into links: hxxp://a[.]example. */
export function defanged(text: string): string {
  return copyText(text)
    .replace(/\bhttp(s?):/gi, "hxxp$1:")
    .replace(/\bftp:/gi, "fxp:")
    .replace(/(?<=[\p{L}\p{N}-])\.(?=[\p{L}\p{N}-]*[\p{L}\p{N}])/gu, "[.]")
    .replace(/@/g, "[@]");
}

/** A path in front of and from its last separator on; the name is never cut. */
export function splitPath(path: string): [folder: string, name: string] {
  const trimmed = path.replace(/[\\/]+$/, "");
  const at = Math.max(trimmed.lastIndexOf("\\"), trimmed.lastIndexOf("/"));
  return at < 0 ? ["", path] : [path.slice(0, at + 1), path.slice(at + 1)];
}

/** The end of a name that must stay in view: its last extension with a few letters before it. */
export function splitName(name: string): [head: string, tail: string] {
  const dot = name.lastIndexOf(".");
  const from = dot > 0 && name.length - dot <= 12 ? Math.max(0, dot - 4) : name.length - 8;
  return from <= 0 ? ["", name] : [name.slice(0, from), name.slice(from)];
}

/** A cell of a spreadsheet that no program takes for a formula. */
export function cellText(text: string): string {
  const flat = copyText(text).replace(/[\t\r\n]+/g, " ");
  return /^[=+\-@]/.test(flat) ? `'${flat}` : flat;
}
