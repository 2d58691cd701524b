import { expect, test } from "vitest";
import { hasTerm, toggleTerm, wholeFilter } from "./deviceUrl";

test("tab and bar make one filter", () => {
  expect(wholeFilter("all", " win ")).toBe("win");
  expect(wholeFilter("iot", "")).toBe("Kind:iot");
  expect(wholeFilter("computers", "-Domain:corp.example")).toBe(
    "Kind:computer -Domain:corp.example",
  );
});

test("a counter's term goes in and out of the filter, and the others stay", () => {
  const on = toggleTerm('"two words" IsNew:true', "IsSilent:true");
  expect(on).toBe('"two words" IsNew:true IsSilent:true');
  expect(hasTerm(on, "IsSilent:true")).toBe(true);
  expect(toggleTerm(on, "IsNew:true")).toBe('"two words" IsSilent:true');
});
