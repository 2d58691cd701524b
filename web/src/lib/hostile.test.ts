import { expect, test } from "vitest";
import {
  cellText,
  copyText,
  defanged,
  hasDirectionMarks,
  looksLike,
  pieces,
  spoken,
  splitName,
  splitPath,
} from "./hostile";

test.each([
  ["invoice\u202efdp.exe", "invoice⟨RLO⟩fdp.exe"],
  ["a\u0000b\u001b[31mc", "a⟨00⟩b⟨ESC⟩[31mc"],
  ["one\r\ntwo\tthree", "one⟨CR⟩⟨⏎⟩two⟨⇥⟩three"],
  ["pay\u200bpal", "pay⟨ZWSP⟩pal"],
  ["so\u00adft", "so⟨SHY⟩ft"],
  [`a.txt${" ".repeat(34)}.exe`, "a.txt⟨34 spaces⟩.exe"],
  ["a   b", "a   b"],
  ["e\u0301\u0302\u0303\u0304", "e\u0301\u0302⟨2 signs⟩"],
  ["\u{e0041}x", "⟨TAG⟩x"],
  ["\u0085", "⟨85⟩"],
  ["\ud800x", "⟨D800⟩x"],
])("%j reads as %j", (text, read) => {
  expect(spoken(text)).toBe(read);
});

test("the pieces together are the text", () => {
  const text = `a\u202e\u0000b${" ".repeat(9)}e\u0301\u0302\u0303\ud83d\ude00 \u0430pple`;
  expect(
    pieces(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

test("letters of another script among Latin ones are named", () => {
  expect(looksLike("tidew\u0430ter.example")).toBe("tidewater.example");
  expect(pieces("tidew\u0430ter").find((piece) => piece.kind === "odd")).toEqual({
    kind: "odd",
    text: "\u0430",
    name: "CYRILLIC SMALL LETTER A",
  });
  // A word of twins alone passes for a Latin one; a Russian word does not.
  expect(looksLike("\u0441\u043e\u0440\u0435.example")).toBe("cope.example");
  expect(looksLike("\u043f\u0440\u0438\u0432\u0435\u0442.example")).toBeNull();
  expect(looksLike("plain.example")).toBeNull();
});

test("marks of direction are found", () => {
  expect(hasDirectionMarks("a\u2066b")).toBe(true);
  expect(hasDirectionMarks("ab")).toBe(false);
});

test("what is copied does nothing where it is pasted", () => {
  expect(copyText("a\u001b[31m\u202eb\nc")).toBe("a\\u{1b}[31m\\u{202e}b\nc");
  expect(cellText("=cmd|' /c calc'!A0")).toBe("'=cmd|' /c calc'!A0");
  expect(cellText("a\tb")).toBe("a b");
  expect(defanged("https://cdn.sync.example/a.php 203.0.113.57")).toBe(
    "hxxps://cdn[.]sync[.]example/a[.]php 203[.]0[.]113[.]57",
  );
});

test("a path is cut before its name, a name before its extension", () => {
  expect(splitPath("C:\\Windows\\System32\\cmd.exe")).toEqual([
    "C:\\Windows\\System32\\",
    "cmd.exe",
  ]);
  expect(splitPath("C:\\Windows\\")).toEqual(["C:\\", "Windows\\"]);
  expect(splitName("a-rather-long-name.pdf.exe")).toEqual(["a-rather-long-name", ".pdf.exe"]);
  expect(splitName("a.exe")).toEqual(["", "a.exe"]);
});
