import type { ComponentType } from "react";
import { NavLink, useParams } from "react-router";
import { useBreadcrumb } from "@/app/breadcrumb";
import { useSession } from "@/app/session";
import { StateBlock } from "@/components/StateBlock";
import { AboutSection } from "./AboutSection";
import { AuditSection } from "./AuditSection";
import { MeSection } from "./MeSection";
import { RolesSection } from "./RolesSection";
import { ServerSection } from "./ServerSection";
import { sections, type SectionId } from "./sections";
import { SessionsSection } from "./SessionsSection";
import css from "./settings.module.css";
import { TokensSection } from "./TokensSection";
import { UsersSection } from "./UsersSection";

const parts: Record<SectionId, ComponentType> = {
  me: MeSection,
  sessions: SessionsSection,
  tokens: TokensSection,
  users: UsersSection,
  roles: RolesSection,
  retention: ServerSection,
  audit: AuditSection,
  about: AboutSection,
};

export function Component() {
  const { section: id } = useParams();
  const { may } = useSession();
  const section = sections.find((entry) => entry.id === id);
  useBreadcrumb(
    { label: "Settings", to: "/settings/me" },
    { label: section?.label ?? "No such page" },
  );
  const open = sections.filter(({ permission }) => permission === null || may(permission));
  const Part = section && parts[section.id];
  return (
    <div className={css.page}>
      <nav className={css.nav} aria-label="Settings">
        <ul>
          {open.map((entry) => (
            <li key={entry.id}>
              <NavLink to={`/settings/${entry.id}`}>{entry.label}</NavLink>
            </li>
          ))}
        </ul>
      </nav>
      {!section || !Part ? (
        <StateBlock kind="empty" title="There are no settings at this address." />
      ) : section.permission !== null && !may(section.permission) ? (
        <StateBlock
          kind="notPermitted"
          title={`You may not see this page: ${section.label}.`}
          detail={`That needs the permission ${section.permission}. An administrator can give you a role that has it.`}
        />
      ) : section.id === "audit" ? (
        <Part />
      ) : (
        <div className={css.scroll} role="region" aria-label={section.label} tabIndex={0}>
          <div className={css.column}>
            <Part />
          </div>
        </div>
      )}
    </div>
  );
}
