// The tabs of a device's page. One without data stays, explains itself and says what would fill it.

export interface DeviceTab {
  id: string;
  label: string;
  /** Why there is nothing yet, and what would change that */
  empty?: { title: string; detail: string };
}

export const deviceTabs: readonly DeviceTab[] = [
  { id: "overview", label: "Overview" },
  {
    id: "alerts",
    label: "Incidents and alerts",
    empty: {
      title: "No alerts are known, because no rules run on this server yet.",
      detail:
        "Alerts that other products raised will stand here once their rows (AlertInfo, AlertEvidence) are imported.",
    },
  },
  { id: "timeline", label: "Timeline" },
  {
    id: "recommendations",
    label: "Recommendations",
    empty: {
      title: "Not known: no posture of this device has been received.",
      detail: "Rows of DeviceTvmSecureConfigurationAssessment in a hunting export fill this tab.",
    },
  },
  {
    id: "policies",
    label: "Policies",
    empty: {
      title: "Not known: no source has reported which policies apply here.",
      detail: "A sensor or a policy report from this device fills this tab.",
    },
  },
  {
    id: "settings",
    label: "Effective settings",
    empty: {
      title: "Not known: no source has reported the settings in force.",
      detail: "A sensor or a settings report from this device fills this tab.",
    },
  },
  {
    id: "software",
    label: "Software",
    empty: {
      title: "Not known: no software inventory has been received.",
      detail: "Rows of DeviceTvmSoftwareInventory in a hunting export fill this tab.",
    },
  },
  {
    id: "vulnerabilities",
    label: "Vulnerabilities",
    empty: {
      title: "Not known: without a software inventory nothing can be compared.",
      detail: "Rows of DeviceTvmSoftwareVulnerabilities in a hunting export fill this tab.",
    },
  },
  {
    id: "updates",
    label: "Missing updates",
    empty: {
      title: "Not known: no source has reported installed updates.",
      detail: "A software inventory with its updates fills this tab.",
    },
  },
];
