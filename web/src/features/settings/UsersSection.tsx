import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { MoreHorizontalRegular } from "@fluentui/react-icons";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "@/api/call";
import type { User } from "@/api/gen/api";
import { useSession } from "@/app/session";
import { ConfirmByName } from "@/components/ConfirmByName";
import { Instant } from "@/components/Instant";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { StatusDot } from "@/components/StatusDot";
import { Tag } from "@/components/Tag";
import { useUndoToast } from "@/components/UndoToast";
import { Value } from "@/components/Value";
import { counted } from "@/lib/amounts";
import { useList } from "@/lib/useList";
import { oneTimePassword } from "./oneTimePassword";
import { SecretOnce } from "./SecretOnce";
import css from "./settings.module.css";
import { UserForm } from "./UserForm";

type Asks =
  | { kind: "add" }
  | { kind: "change"; user: User }
  | { kind: "remove"; user: User }
  | { kind: "reset"; user: User }
  | { kind: "secret"; name: string; secret: string };

function State({ user }: { user: User }) {
  if (user.is_disabled) return <StatusDot status="none">Turned off</StatusDot>;
  if (user.locked_until !== null && Date.parse(user.locked_until) > Date.now()) {
    return <StatusDot status="warning">Too many tries</StatusDot>;
  }
  if (user.must_change_password) return <StatusDot status="quiet">New password due</StatusDot>;
  return <StatusDot status="good">May sign in</StatusDot>;
}

export function UsersSection() {
  const client = useQueryClient();
  const { me, may } = useSession();
  const say = useUndoToast();
  const list = useList("listUsers", { query: {} });
  const [asks, setAsks] = useState<Asks | null>(null);
  const [error, setError] = useState("");
  const manages = may("users.manage");
  const again = () => client.invalidateQueries({ queryKey: ["listUsers"] });
  const close = () => {
    setAsks(null);
  };

  async function act(what: () => Promise<string>, undo?: () => Promise<unknown>) {
    setError("");
    try {
      const done = await what();
      say(
        done,
        undo &&
          (async () => {
            await undo();
            await again();
          }),
      );
      await again();
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
  }

  function turn(user: User, off: boolean) {
    const set = (is_disabled: boolean) =>
      call("changeUser", { path: { name: user.name }, body: { is_disabled } });
    void act(
      async () => {
        await set(off);
        return `${user.name} may ${off ? "no longer" : "again"} sign in.`;
      },
      () => set(!off),
    );
  }

  async function reset(user: User) {
    const password = oneTimePassword();
    await call("resetPassword", { path: { name: user.name }, body: { password } });
    await again();
    // The dialog that asked closes first.
    setTimeout(() => {
      setAsks({ kind: "secret", name: user.name, secret: password });
    });
  }

  return (
    <>
      <div className={css.row}>
        <h1>Users</h1>
        <span className={css.grow} />
        <Button
          appearance="primary"
          disabledFocusable={!manages}
          title={manages ? undefined : "Needs the permission users.manage"}
          onClick={() => {
            if (manages) setAsks({ kind: "add" });
          }}
        >
          Add a user
        </Button>
      </div>
      {error !== "" && (
        <p className={css.error} role="alert">
          {error}
        </p>
      )}
      {list.error && list.items.length === 0 ? (
        <ErrorState what="The users could not be read" error={list.error} retry={list.refetch} />
      ) : list.isPending ? (
        <StateBlock kind="loading" title="Reading the users." />
      ) : (
        <div className={`${css.card} ${css.tableBox}`}>
          <table className={css.table} aria-label="Users">
            <thead>
              <tr>
                <th scope="col">User</th>
                <th scope="col">Role</th>
                <th scope="col">Device groups</th>
                <th scope="col">State</th>
                <th scope="col">Last sign-in</th>
                <th scope="col">
                  <span className="visuallyHidden">What to do</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.items.map((user) => (
                <tr key={user.id}>
                  <th scope="row">
                    <Value text={user.name} kind="name" />{" "}
                    {user.name === me?.name && <Tag tone="brand">You</Tag>}
                    {user.display_name !== "" && (
                      <div className={css.small}>
                        <Value text={user.display_name} />
                      </div>
                    )}
                  </th>
                  <td>{user.role}</td>
                  <td>
                    {user.groups.length === 0 ? (
                      <span className={css.hint}>none</span>
                    ) : (
                      user.groups.map((group) => <Tag key={group}>{group}</Tag>)
                    )}
                  </td>
                  <td>
                    <State user={user} />
                  </td>
                  <td>
                    {user.last_sign_in === null ? (
                      <span className={css.hint}>never</span>
                    ) : (
                      <Instant time={user.last_sign_in} relative />
                    )}
                  </td>
                  <td className={css.acts}>
                    <Menu>
                      <MenuTrigger disableButtonEnhancement>
                        <Button
                          size="small"
                          appearance="subtle"
                          disabled={!manages}
                          icon={<MoreHorizontalRegular />}
                          aria-label={`What to do with ${user.name}`}
                        />
                      </MenuTrigger>
                      <MenuPopover>
                        <MenuList>
                          <MenuItem
                            onClick={() => {
                              setAsks({ kind: "change", user });
                            }}
                          >
                            Change name, role, groups
                          </MenuItem>
                          <MenuItem
                            onClick={() => {
                              setAsks({ kind: "reset", user });
                            }}
                          >
                            Reset the password
                          </MenuItem>
                          {user.locked_until !== null && (
                            <MenuItem
                              onClick={() =>
                                void act(async () => {
                                  await call("changeUser", {
                                    path: { name: user.name },
                                    body: { unlock: true },
                                  });
                                  return `${user.name} may try again.`;
                                })
                              }
                            >
                              Forget the failed tries
                            </MenuItem>
                          )}
                          <MenuItem
                            onClick={() =>
                              void act(async () => {
                                const { sessions } = await call("endUserSessions", {
                                  path: { name: user.name },
                                });
                                return `Ended ${counted(sessions, "session")} of ${user.name}.`;
                              })
                            }
                          >
                            End all sessions
                          </MenuItem>
                          <MenuItem
                            onClick={() => {
                              turn(user, !user.is_disabled);
                            }}
                          >
                            {user.is_disabled ? "Turn on" : "Turn off"}
                          </MenuItem>
                          <MenuItem
                            onClick={() => {
                              setAsks({ kind: "remove", user });
                            }}
                          >
                            Remove
                          </MenuItem>
                        </MenuList>
                      </MenuPopover>
                    </Menu>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!list.isWhole && list.items.length > 0 && <Button onClick={list.more}>Show more</Button>}
      {(asks?.kind === "add" || asks?.kind === "change") && (
        <UserForm
          {...(asks.kind === "change" ? { user: asks.user } : {})}
          onClose={close}
          onDone={(name, password) => {
            void again();
            if (password === null) {
              say(`Changed ${name}.`);
              close();
            } else setAsks({ kind: "secret", name, secret: password });
          }}
        />
      )}
      {asks?.kind === "secret" && (
        <SecretOnce
          title={`Password of ${asks.name}`}
          secret={asks.secret}
          copyLabel="Copy the password"
          onClose={close}
        >
          It is shown this once, and holds for one sign-in: {asks.name} is asked for a new one then.
        </SecretOnce>
      )}
      {asks?.kind === "reset" && (
        <ConfirmByName
          title="Reset the password"
          name={asks.user.name}
          act={`Reset the password of ${asks.user.name}`}
          onConfirm={() => reset(asks.user)}
          onClose={close}
        >
          All sessions of {asks.user.name} end. A new password is made and shown to you once.
        </ConfirmByName>
      )}
      {asks?.kind === "remove" && (
        <ConfirmByName
          title="Remove a user"
          name={asks.user.name}
          act={`Remove ${asks.user.name}`}
          onConfirm={async () => {
            await call("deleteUser", { path: { name: asks.user.name } });
            say(`Removed ${asks.user.name}.`);
            await again();
          }}
          onClose={close}
        >
          Their sessions and tokens end with them. What they did stays in the audit log.
        </ConfirmByName>
      )}
    </>
  );
}
