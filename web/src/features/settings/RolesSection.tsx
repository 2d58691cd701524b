import { CheckmarkRegular } from "@fluentui/react-icons";
import { permissions, roles, tokenScopes, type PermissionSet } from "@/api/gen/permissions";
import { useSession } from "@/app/session";
import { Tag } from "@/components/Tag";
import css from "./settings.module.css";

const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

function Matrix({
  label,
  sets,
  mine,
}: {
  label: string;
  sets: readonly PermissionSet[];
  mine?: string | undefined;
}) {
  return (
    <div className={css.tableBox} tabIndex={0} role="region" aria-label={label}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Permission</th>
            {sets.map(({ name, doc }) => (
              <th key={name} scope="col" className={css.center} title={doc}>
                {capital(name)} {name === mine && <Tag tone="brand">Yours</Tag>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissions.map(({ name, doc }) => (
            <tr key={name}>
              <th scope="row">
                {doc}
                <div className={`${css.small} mono`}>{name}</div>
              </th>
              {sets.map((set) => (
                <td key={set.name} className={css.center}>
                  {set.permissions.includes(name) ? (
                    <CheckmarkRegular aria-label="yes" fontSize={16} />
                  ) : (
                    <span className="visuallyHidden">no</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function RolesSection() {
  const { me } = useSession();
  return (
    <>
      <h1>Roles</h1>
      <p className={css.hint}>
        Nothing is allowed by default. A role is a fixed set of permissions; device groups say of
        which devices they hold.
      </p>
      <section className={css.card} aria-labelledby="roles-roles">
        <h2 id="roles-roles">What each role may do</h2>
        <ul className={css.body}>
          {roles.map(({ name, doc }) => (
            <li key={name}>
              <b>{capital(name)}</b>: {doc}.
            </li>
          ))}
        </ul>
        <Matrix label="Permissions of roles" sets={roles} mine={me?.role} />
      </section>
      <section className={css.card} aria-labelledby="roles-scopes">
        <h2 id="roles-scopes">What the scopes of API tokens allow</h2>
        <p className={css.body}>
          A token does what its scopes name and the role of its owner still allows.
        </p>
        <Matrix label="Permissions of scopes" sets={tokenScopes} />
      </section>
    </>
  );
}
