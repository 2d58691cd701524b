// The pages of the settings: for their list, the command palette and permissions.
export interface Section {
  id: string;
  label: string;
  /** null: for everybody */
  permission: string | null;
}

export const sections = [
  { id: "me", label: "You", permission: null },
  { id: "sessions", label: "Sessions", permission: "sessions.manage_own" },
  { id: "tokens", label: "API tokens", permission: "tokens.manage_own" },
  { id: "users", label: "Users", permission: "users.read" },
  { id: "roles", label: "Roles", permission: null },
  { id: "retention", label: "Retention and server", permission: "settings.read" },
  { id: "audit", label: "Audit log", permission: "audit.read" },
  { id: "about", label: "About", permission: null },
] as const satisfies readonly Section[];

export type SectionId = (typeof sections)[number]["id"];
