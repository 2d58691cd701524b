import { Button } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "@/api/call";
import type { CreatedToken, Token } from "@/api/gen/api";
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
import { SecretOnce } from "./SecretOnce";
import css from "./settings.module.css";
import { TokenForm } from "./TokenForm";

function State({ token }: { token: Token }) {
  if (token.revoked !== null) {
    return (
      <StatusDot status="none">
        Revoked <Instant time={token.revoked} relative />
      </StatusDot>
    );
  }
  if (token.expires !== null && Date.parse(token.expires) < Date.now()) {
    return <StatusDot status="none">Has ended</StatusDot>;
  }
  return <StatusDot status="good">In force</StatusDot>;
}

export function TokensSection() {
  const client = useQueryClient();
  const { me, may } = useSession();
  const say = useUndoToast();
  const list = useList("listTokens", { query: {} });
  const [makes, setMakes] = useState(false);
  const [made, setMade] = useState<CreatedToken | null>(null);
  const [revokes, setRevokes] = useState<Token | null>(null);
  const again = () => client.invalidateQueries({ queryKey: ["listTokens"] });

  return (
    <>
      <div className={css.row}>
        <h1>API tokens</h1>
        <span className={css.grow} />
        <Button
          appearance="primary"
          onClick={() => {
            setMakes(true);
          }}
        >
          Make a token
        </Button>
      </div>
      <p className={css.hint}>
        {may("tokens.manage_all")
          ? "Access for programs and collectors. You see those of everybody."
          : "Access for programs. A token never does more than you may."}
      </p>
      {list.error && list.items.length === 0 ? (
        <ErrorState what="The tokens could not be read" error={list.error} retry={list.refetch} />
      ) : list.isPending ? (
        <StateBlock kind="loading" title="Reading the tokens." />
      ) : list.items.length === 0 ? (
        <StateBlock kind="empty" title="No tokens. Make one to let a program or collector in." />
      ) : (
        <section className={css.card} aria-label="Tokens">
          {list.items.map((token) => (
            <div key={token.id} className={css.setting}>
              <div>
                <div className={css.row}>
                  <Value text={token.name} kind="name" />
                  {token.scopes.map((scope) => (
                    <Tag key={scope}>{scope}</Tag>
                  ))}
                  {token.owner_id !== me?.id && <Tag tone="system">of another user</Tag>}
                </div>
                <div className={css.small}>
                  {token.devices.length === 0
                    ? "all devices that its owner sees"
                    : counted(token.devices.length, "device or group", "devices or groups")}
                  , made <Instant time={token.created} relative />,{" "}
                  {token.expires === null ? (
                    "never ends"
                  ) : (
                    <>
                      ends <Instant time={token.expires} dateToo />
                    </>
                  )}
                  ,{" "}
                  {token.last_used === null ? (
                    "never used"
                  ) : (
                    <>
                      last used <Instant time={token.last_used} relative />
                    </>
                  )}
                </div>
              </div>
              <div className={css.row}>
                <State token={token} />
                {token.revoked === null && (
                  <Button
                    size="small"
                    aria-label={`Revoke ${token.name}`}
                    onClick={() => {
                      setRevokes(token);
                    }}
                  >
                    Revoke
                  </Button>
                )}
              </div>
            </div>
          ))}
        </section>
      )}
      {!list.isWhole && list.items.length > 0 && <Button onClick={list.more}>Show more</Button>}
      {makes && (
        <TokenForm
          onClose={() => {
            setMakes(false);
          }}
          onMade={(created) => {
            setMakes(false);
            setMade(created);
            void again();
          }}
        />
      )}
      {made && (
        <SecretOnce
          title={`Token ${made.token.name}`}
          secret={made.secret}
          copyLabel="Copy the token"
          onClose={() => {
            setMade(null);
          }}
        >
          It is shown this once. Programs send it as Authorization: Bearer.
        </SecretOnce>
      )}
      {revokes && (
        <ConfirmByName
          title="Revoke a token"
          name={revokes.name}
          act="Revoke the token"
          onConfirm={async () => {
            await call("revokeToken", { path: { token_id: revokes.id } });
            say("The token is no longer accepted.");
            await again();
          }}
          onClose={() => {
            setRevokes(null);
          }}
        >
          What uses it is refused from then on. It cannot be taken back.
        </ConfirmByName>
      )}
    </>
  );
}
