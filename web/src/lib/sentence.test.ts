import { expect, test } from "vitest";
import { argumentsOf, sentenceOf, sentenceText, wordsOf, type Said } from "./sentence";

const row = (part: Partial<Said>): Said => ({
  Actor: "",
  Account: "",
  Title: "",
  Detail: "",
  ActionType: "",
  Group: "other",
  ...part,
});

test.each<[string, Partial<Said>, string]>([
  [
    "a start has the arguments without the image",
    {
      ActionType: "ProcessCreated",
      Actor: "WINWORD.EXE",
      Title: "powershell.exe",
      Detail: '"C:\\Windows\\System32\\powershell.exe" -NoP -W Hidden',
    },
    "WINWORD.EXE started powershell.exe -NoP -W Hidden",
  ],
  [
    "a missing actor is named as missing",
    { ActionType: "FileCreated", Title: "a.dll", Detail: "C:\\Temp\\a.dll" },
    "An unrecorded process created a.dll in C:\\Temp",
  ],
  [
    "what a source writes for an unseen process is no name",
    { ActionType: "ProcessCreated", Actor: "?", Title: "WmiPrvSE.exe" },
    "An unrecorded process started WmiPrvSE.exe",
  ],
  [
    "brackets without a value leave no trace",
    { ActionType: "ConnectionSuccess", Actor: "a.exe", Title: "203.0.113.57:443" },
    "a.exe connected to 203.0.113.57:443",
  ],
  [
    "a logon's kind is said in words",
    { ActionType: "LogonFailed", Title: "admin", Detail: "RemoteInteractive from 203.0.113.5 X" },
    "admin failed to log on by remote desktop from 203.0.113.5 X",
  ],
  [
    "a rule of a family has its words",
    { ActionType: "AsrOfficeChildProcessBlocked", Title: "cmd.exe" },
    "An attack surface rule blocked a program started by an Office application: cmd.exe",
  ],
  [
    "an unknown action is its name in words with its object",
    { ActionType: "NewThingSeen", Actor: "a.exe", Title: "x", Detail: "y" },
    "a.exe: New thing seen x y",
  ],
  [
    "a technique is its name and who showed it",
    { ActionType: "T1003", Title: "LSASS Memory", Actor: "rundll32.exe", is_technique: true },
    "LSASS Memory  rundll32.exe",
  ],
  [
    "hidden characters are said",
    { ActionType: "FileDeleted", Actor: "a\u202eb.exe", Title: "c" },
    "a⟨RLO⟩b.exe deleted c",
  ],
])("%s", (_, part, text) => {
  expect(sentenceText(row(part))).toBe(text);
});

test("words of ours and values of the event are kept apart", () => {
  const pieces = sentenceOf(row({ ActionType: "FileDeleted", Actor: "a deleted b", Title: "c" }));
  expect(pieces).toEqual([
    { kind: "actor", text: "a deleted b" },
    { kind: "words", text: " deleted " },
    { kind: "object", text: "c" },
  ]);
});

test.each([
  ['"C:\\A B\\x.exe" /k', "x.exe", "/k"],
  ["x /k", "x.exe", "/k"],
  ["C:\\Program Files\\x\\x.exe /k y", "x.exe", "/k y"],
  ["C:\\Program Files\\x\\x.exe /k y", "z.exe", "C:\\Program Files\\x\\x.exe /k y"],
  ["x.exe", "x.exe", ""],
])("the arguments of %s after %s are %j", (command, image, rest) => {
  expect(argumentsOf(command, image)).toBe(rest);
});

test("names of actions split at capitals", () => {
  expect(wordsOf("NtMapViewOfSectionRemoteApiCall")).toBe("Nt map view of section remote api call");
  expect(wordsOf("DNSQueryDone")).toBe("DNS query done");
});
