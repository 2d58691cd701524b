// The areas of the rail: one declaration for rail, command palette and permissions.
import {
  ArrowImportRegular,
  HomeRegular,
  LaptopRegular,
  PlugConnectedRegular,
  SettingsRegular,
  type FluentIcon,
} from "@fluentui/react-icons";

export interface Area {
  path: string;
  label: string;
  icon: FluentIcon;
  /** Without it the area is absent from rail and palette */
  permission: string | null;
  /** At the foot of the rail */
  foot?: boolean;
}

export const areas: readonly Area[] = [
  { path: "/", label: "Start", icon: HomeRegular, permission: null },
  { path: "/devices", label: "Devices", icon: LaptopRegular, permission: "devices.read" },
  {
    path: "/sources",
    label: "Sources",
    icon: PlugConnectedRegular,
    permission: "sources.read",
  },
  { path: "/import", label: "Import", icon: ArrowImportRegular, permission: "jobs.read" },
  { path: "/settings", label: "Settings", icon: SettingsRegular, permission: null, foot: true },
];
