import { expect, test } from "vitest";
import { foundIn, foundLink, hashField, kqlText, questionsOf, refanged } from "./search";

test("what is typed decides what is asked", () => {
  const kinds = (text: string) => questionsOf(text).map(({ kind, field }) => `${kind} ${field}`);
  expect(kinds("ab")).toEqual([]);
  expect(kinds("admin")).toEqual(["Users Account", "Files Title"]);
  expect(kinds("10.0.2.15")).toEqual(["Addresses RemoteIP"]);
  expect(kinds("10[.]0[.]2[.]15")).toEqual(["Addresses RemoteIP"]);
  expect(kinds("fe80::1")).toEqual(["Addresses RemoteIP"]);
  expect(kinds("A".repeat(64))).toEqual(["Files SHA256"]);
  expect(hashField("b".repeat(40))).toBe("SHA1");
  expect(hashField("b".repeat(41))).toBeNull();
  expect(refanged("hxxp://a[.]example")).toBe("http://a.example");
});

test("nothing that is typed ends the text that it stands in", () => {
  expect(kqlText('a" or true //')).toBe('"a\\" or true //"');
  expect(kqlText("a\\")).toBe('"a\\\\"');
  expect(kqlText("a\nb\u2028c")).toBe('"a b c"');
});

test("a found hash is looked for by the hash, whatever its file is called", () => {
  const hash = "C".repeat(32);
  const [question] = questionsOf(hash);
  const columns = ["Name", "Events", "Devices", "Timestamp", "DeviceId"].map((name) => ({
    name,
    type: "string" as const,
  }));
  const answer = {
    columns,
    rows: [
      ["calc.exe", 3, 1, "2022-02-02T00:00:00.0000000Z", "ab12"],
      ["", 1, 1, "", "ab12"],
    ],
    row_count: 2,
    truncated: false,
    seconds: 0,
    query_id: "q",
  };
  const found = question ? foundIn(answer, question, hash) : [];
  expect(found).toHaveLength(1);
  expect(found[0] && foundLink(found[0])).toBe(
    `/devices/ab12/timeline?v=1&last=all&q=MD5%3A${"c".repeat(32)}`,
  );
});
