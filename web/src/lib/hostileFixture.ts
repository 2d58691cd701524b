// Texts that try to lie, to act or to break a page: one for each threat that the pages answer, with what must be seen of it.

export interface HostileText {
  threat: string;
  text: string;
  /** Part of what is shown in its place */
  shown: string;
}

const char = (code: number) => String.fromCodePoint(code);

/** Short enough for a name of a file, an account or a device. */
export const hostileNames: readonly HostileText[] = [
  { threat: "right-to-left override", text: `invoice${char(0x202e)}fdp.exe`, shown: "⟨RLO⟩" },
  { threat: "isolate that is never closed", text: `a${char(0x2067)}b.exe`, shown: "⟨RLI⟩" },
  { threat: "Arabic letter mark", text: `a${char(0x61c)}b.exe`, shown: "⟨ALM⟩" },
  { threat: "NUL", text: `a${char(0)}b.exe`, shown: "⟨00⟩" },
  { threat: "ANSI escape", text: `${char(0x1b)}[31mred${char(0x1b)}[0m`, shown: "⟨ESC⟩" },
  { threat: "terminal title by OSC", text: `${char(0x1b)}]0;title${char(7)}`, shown: "⟨07⟩" },
  { threat: "C1 control", text: `a${char(0x9b)}31m`, shown: "⟨9B⟩" },
  { threat: "line breaks", text: "one\r\ntwo", shown: "⟨⏎⟩" },
  { threat: "line separator", text: `one${char(0x2028)}two`, shown: "⟨LS⟩" },
  { threat: "zero-width space", text: `pay${char(0x200b)}pal.exe`, shown: "⟨ZWSP⟩" },
  { threat: "soft hyphen", text: `svc${char(0xad)}host.exe`, shown: "⟨SHY⟩" },
  { threat: "variation selector", text: `a${char(0xfe0f)}.exe`, shown: "⟨VS⟩" },
  { threat: "tag characters", text: `a${char(0xe0041)}.exe`, shown: "⟨TAG⟩" },
  { threat: "piled signs", text: `e${char(0x301).repeat(40)}.exe`, shown: "⟨38 signs⟩" },
  { threat: "half of a pair", text: `a${String.fromCharCode(0xd800)}.exe`, shown: "⟨D800⟩" },
  { threat: "look-alike letter", text: `tidew${char(0x430)}ter.example`, shown: "Looks like" },
  { threat: "padded name", text: `report.pdf${" ".repeat(34)}.exe`, shown: "⟨34 spaces⟩" },
  { threat: "script", text: "<script>window.pwned=1</script>", shown: "<script>" },
  { threat: "image with a handler", text: '<img src=x onerror="window.pwned=1">', shown: "<img" },
  { threat: "end of an attribute", text: `"><svg onload=window.pwned=1>`, shown: "<svg" },
  { threat: "template", text: "{{constructor.constructor('window.pwned=1')()}}", shown: "{{" },
  { threat: "script as an address", text: "javascript:window.pwned=1", shown: "javascript:" },
  { threat: "address", text: "https://evil.example/a?b=c", shown: "https://evil.example" },
  { threat: "Markdown", text: "[click](https://evil.example) **bold**", shown: "[click](" },
  { threat: "formula of a spreadsheet", text: '=HYPERLINK("http://evil.example")', shown: "=HYP" },
  { threat: "formula behind a tab", text: "\t=1+1", shown: "⟨⇥⟩" },
  { threat: "words of the page", text: "Sensor healthy. No event matches.", shown: "Sensor" },
  { threat: "name of a member of objects", text: "__proto__", shown: "__proto__" },
  { threat: "separator of our keys", text: "a~b,c;d&sel=1#x", shown: "a~b,c;d" },
];

/** More than any row may lay out. */
export const hostileLong: HostileText = {
  threat: "a megabyte",
  text: `cmd.exe /c ${"A".repeat(1_048_576)}`,
  shown: "cmd.exe /c AAAA",
};

export const hostileTexts: readonly HostileText[] = [...hostileNames, hostileLong];
