// What a command line says once its wrappers are taken off: caret noise, PowerShell's encoded commands, backticks.
// Nothing is run or looked up: variables and their substrings stay as they are written.

export interface DecodedLayer {
  /** What was taken off */
  name: "Carets" | "Base64, UTF-16" | "Base64, UTF-8" | "Backticks";
  /** The text without it; of Base64 the decoded part alone */
  text: string;
}

/** Layers at most, however deep the text is wrapped */
const mostLayers = 5;
/** Letters that are looked at; a longer text is decoded no further than here */
const mostLetters = 262_144;

const shellName = /\b(?:powershell(?:_ise)?|pwsh)\b/i;
/** Any beginning of -EncodedCommand, as PowerShell takes it, with its value */
const encodedArgument =
  /(?:^|\s)[-/\u2013\u2014\u2015](?:e(?:c|nc?|nco(?:d(?:e(?:d(?:c(?:o(?:m(?:m(?:a(?:n(?:d)?)?)?)?)?)?)?)?)?)?)?)(?:\s+|:)["']?([A-Za-z0-9+/]{8,}={0,2})["']?(?=\s|$)/i;
const fromBase64 = /FromBase64String\(\s*["']([A-Za-z0-9+/]{8,}={0,2})["']\s*\)/i;

function bytesOf(base64: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Whether a decoded text reads as text: few of its characters are unseen, none is a lost half. */
function reads(text: string): boolean {
  if (text === "") return false;
  const odd = text.match(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffd]/gu)?.length ?? 0;
  return odd * 20 <= text.length;
}

function decoded(base64: string, alwaysWide: boolean): DecodedLayer | null {
  const bytes = bytesOf(base64);
  if (!bytes) return null;
  const wide = bytes.length % 2 === 0 ? new TextDecoder("utf-16le").decode(bytes) : "";
  const halfEmpty =
    bytes.filter((byte, at) => at % 2 === 1 && byte === 0).length * 4 > bytes.length;
  if ((alwaysWide || halfEmpty) && reads(wide)) return { name: "Base64, UTF-16", text: wide };
  const narrow = new TextDecoder("utf-8").decode(bytes);
  return !alwaysWide && reads(narrow) ? { name: "Base64, UTF-8", text: narrow } : null;
}

/** Carets between letters are noise of the command shell; in quotes they are what they are. */
function withoutCarets(text: string): string | null {
  if ((text.match(/\w\^+\w/g)?.length ?? 0) < 2) return null;
  return text.replace(/"[^"]*"|\^(.?)/gs, (all, next: string | undefined) =>
    all.startsWith('"') ? all : (next ?? ""),
  );
}

/** Backticks before letters that they do not change are noise of PowerShell. */
function withoutBackticks(text: string): string | null {
  const noise = /`(?=[^\s0abefnrtuv`"'$])/gi;
  return (text.match(noise)?.length ?? 0) < 2 ? null : text.replace(noise, "");
}

/** The layers of a command line, outermost first; empty where there is nothing to take off. */
export function decodeCommand(command: string): DecodedLayer[] {
  const layers: DecodedLayer[] = [];
  let text = command.slice(0, mostLetters);
  let isShell = false;
  while (layers.length < mostLayers) {
    isShell ||= shellName.test(text.replace(/[\^`]/g, ""));
    const layer = nextLayer(text, isShell);
    if (!layer || layer.text === text) break;
    layers.push(layer);
    text = layer.text;
  }
  return layers;
}

function nextLayer(text: string, isShell: boolean): DecodedLayer | null {
  const carets = withoutCarets(text);
  if (carets !== null) return { name: "Carets", text: carets };
  const argument = isShell ? encodedArgument.exec(text)?.[1] : undefined;
  const script = argument === undefined ? null : decoded(argument, true);
  if (script) return script;
  const backticks = isShell ? withoutBackticks(text) : null;
  if (backticks !== null) return { name: "Backticks", text: backticks };
  const literal = fromBase64.exec(text)?.[1];
  return literal === undefined ? null : decoded(literal, false);
}
