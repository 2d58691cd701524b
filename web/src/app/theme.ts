// All colours of the pages: Fluent's themes with our brand ramp and neutrals, and our own roles as CSS variables beside them.
import {
  createDarkTheme,
  createLightTheme,
  type BrandVariants,
  type Theme,
} from "@fluentui/react-components";

const brand: BrandVariants = {
  10: "#021416",
  20: "#07262B",
  30: "#0B343B",
  40: "#0C434D",
  50: "#0B515C",
  60: "#0A5A65",
  70: "#0A626E",
  80: "#0B6B78",
  90: "#26838F",
  100: "#5CC6D4",
  110: "#6FCEDA",
  120: "#82D5DF",
  130: "#98DCE4",
  140: "#B1E3EA",
  150: "#CDEDF1",
  160: "#EAF5F6",
};

const fonts = {
  fontFamilyBase:
    '"Segoe UI Variable Text", "Segoe UI", -apple-system, BlinkMacSystemFont, "Open Sans", "Noto Sans", sans-serif',
  fontFamilyMonospace: '"Cascadia Mono", ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace',
};

export const lightTheme: Theme = {
  ...createLightTheme(brand),
  ...fonts,
  colorNeutralBackground1: "#FFFFFF",
  colorNeutralBackground1Hover: "#F1F5F6",
  colorNeutralBackground2: "#EEF1F3",
  colorNeutralBackground3: "#F4F6F7",
  colorBrandBackground2: "#DFF0F2",
  colorNeutralForeground1: "#1A1F23",
  colorNeutralForeground2: "#454D54",
  colorNeutralForeground3: "#5F6870",
  colorBrandForeground1: "#0B6B78",
  colorNeutralStroke1: "#C6CED3",
  colorNeutralStroke2: "#E1E6E9",
  colorNeutralStrokeAccessible: "#7A858D",
  colorStrokeFocus2: brand[80],
};

export const darkTheme: Theme = {
  ...createDarkTheme(brand),
  ...fonts,
  colorNeutralBackground1: "#15191C",
  colorNeutralBackground1Hover: "#1C2226",
  colorNeutralBackground2: "#101416",
  colorNeutralBackground3: "#0E1113",
  colorBrandBackground: brand[70],
  colorBrandBackgroundHover: brand[80],
  colorBrandBackground2: "#12353B",
  colorNeutralForeground1: "#E6EAED",
  colorNeutralForeground2: "#B3BCC3",
  colorNeutralForeground3: "#8F99A1",
  colorBrandForeground1: "#5CC6D4",
  colorNeutralStroke1: "#39434A",
  colorNeutralStroke2: "#262D32",
  colorNeutralStrokeAccessible: "#75818A",
  colorStrokeFocus2: brand[100],
};

/** Our roles, by the name of their CSS variable. `text` roles hold contrast on surface, canvas and selection. */
const roles = {
  canvas: ["#F4F6F7", "#0E1113"],
  surface: ["#FFFFFF", "#15191C"],
  raised: ["#FFFFFF", "#1B2024"],
  sunken: ["#EEF1F3", "#101416"],
  hover: ["#F1F5F6", "#1C2226"],
  selected: ["#DFF0F2", "#12353B"],
  stroke: ["#E1E6E9", "#262D32"],
  strokeStrong: ["#C6CED3", "#39434A"],
  strokeAccessible: ["#7A858D", "#75818A"],
  text1: ["#1A1F23", "#E6EAED"],
  text2: ["#454D54", "#B3BCC3"],
  text3: ["#5F6870", "#8F99A1"],
  link: ["#0B6B78", "#5CC6D4"],
  brandFill: ["#0B6B78", "#0A626E"],
  brandSoft: ["#EAF5F6", "#122A2F"],
  onBrand: ["#FFFFFF", "#FFFFFF"],
  technique: ["#1259B0", "#7DB8FF"],
  techniqueSoft: ["#E8F0FB", "#16263B"],
  severityHigh: ["#B0161C", "#FF7B79"],
  severityHighMark: ["#A8101A", "#F0504E"],
  severityHighSoft: ["#FCEBEB", "#381A1C"],
  severityMedium: ["#B4480A", "#FFA155"],
  severityMediumMark: ["#C9540C", "#F08A3C"],
  severityMediumSoft: ["#FDEFE4", "#362314"],
  severityLow: ["#7A5A00", "#E9C94B"],
  severityLowMark: ["#B98D00", "#E0BC34"],
  severityLowSoft: ["#FBF3D9", "#302A12"],
  severityInformational: ["#54636F", "#9DADBA"],
  severityInformationalMark: ["#7F8F9C", "#7F909D"],
  severityInformationalSoft: ["#EDF0F3", "#20272D"],
  good: ["#1F6B34", "#6CCB86"],
  goodMark: ["#2F9E53", "#46B468"],
  goodSoft: ["#E6F4EA", "#15301D"],
  dangerFill: ["#A8101A", "#B4232A"],
  searchHit: ["#FFE58A", "#6B5600"],
  kindProcess: ["#245F6B", "#57BED1"],
  kindNetwork: ["#3A4BD0", "#5F5FDC"],
  kindFile: ["#8D969E", "#6E7E87"],
  kindRegistry: ["#B36FBE", "#A852AA"],
  kindLogon: ["#50B17E", "#95C8A7"],
  kindOther: ["#C5CDD3", "#4A545B"],
  flagRed: ["#A8101A", "#F0504E"],
  flagYellow: ["#B98D00", "#E0BC34"],
  flagGreen: ["#2F9E53", "#46B468"],
  flagBlue: ["#1259B0", "#7DB8FF"],
  rail: ["#10282D", "#0A1719"],
  railText: ["#B9CDD1", "#93A9AE"],
  railOn: ["#FFFFFF", "#FFFFFF"],
  railSelected: ["#1D444B", "#17363C"],
  railMark: ["#5CC6D4", "#5CC6D4"],
  shadow: [
    "0 1px 2px rgba(16,24,32,.08), 0 8px 24px rgba(16,24,32,.10)",
    "0 1px 2px rgba(0,0,0,.5), 0 10px 30px rgba(0,0,0,.45)",
  ],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

export type Role = keyof typeof roles;
export type Mode = "light" | "dark";

/** `var(…)` of a role, for styles. */
export function role(name: Role): string {
  return `var(--spoor-${name})`;
}

/** The value of a role, for canvases, which know no variables. */
export function roleValue(name: Role, mode: Mode): string {
  return roles[name][mode === "light" ? 0 : 1];
}

/** Sets the variables of a mode on the document. */
export function applyRoles(mode: Mode): void {
  const style = document.documentElement.style;
  style.colorScheme = mode;
  for (const [name, values] of Object.entries(roles)) {
    style.setProperty(`--spoor-${name}`, values[mode === "light" ? 0 : 1]);
  }
  document.documentElement.dataset.theme = mode;
}
