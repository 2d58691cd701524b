#include "state/tokens.h"

#include "state/core.h"
#include "state/text_list.h"

namespace spoor::state {
namespace {

Result<Token> token_of(const Statement& row) {
  Token token;
  token.id = row.text(0);
  token.name = row.text(1);
  token.owner_id = row.text(2);
  for (const std::string& name : TRY(texts_from_json(row.text(3)))) {
    // A scope of a newer build means nothing here, and so allows nothing.
    if (const auto scope = schema::find_token_scope(name)) {
      token.scopes.push_back(*scope);
    }
  }
  token.devices = TRY(texts_from_json(row.text(4)));
  token.created = row.integer(5);
  token.expires = row.integer_or_none(6);
  token.last_used = row.integer_or_none(7);
  token.revoked = row.integer_or_none(8);
  return token;
}

}  // namespace

Result<void> Tokens::add(const Token& token, std::string_view secret_hash) {
  std::vector<std::string> scopes;
  for (const schema::TokenScope scope : token.scopes) {
    scopes.emplace_back(schema::token_scope_name(scope));
  }
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement =
        TRY(database.prepare("INSERT INTO tokens(id, secret_hash, name, owner_id, scopes, devices, "
                             "created, expires) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
    return statement.bind(token.id)
        .bind(secret_hash)
        .bind(token.name)
        .bind(token.owner_id)
        .bind(texts_to_json(scopes))
        .bind(texts_to_json(token.devices))
        .bind(token.created)
        .bind(token.expires)
        .run();
  });
}

Result<std::optional<Token>> Tokens::get(std::string_view id) {
  return core_.read([&](Database& database) -> Result<std::optional<Token>> {
    Statement statement =
        TRY(database.prepare("SELECT id, name, owner_id, scopes, devices, created, expires, "
                             "last_used, revoked FROM tokens WHERE id = ?"));
    if (!TRY(statement.bind(id).step())) {
      return std::nullopt;
    }
    return TRY(token_of(statement));
  });
}

Result<std::optional<std::string>> Tokens::secret_hash(std::string_view id) {
  return core_.read([&](Database& database) -> Result<std::optional<std::string>> {
    Statement statement = TRY(database.prepare("SELECT secret_hash FROM tokens WHERE id = ?"));
    if (!TRY(statement.bind(id).step())) {
      return std::nullopt;
    }
    return statement.text(0);
  });
}

Result<std::vector<Token>> Tokens::list(std::string_view owner_id) {
  return core_.read([&](Database& database) -> Result<std::vector<Token>> {
    Statement statement = TRY(
        database.prepare("SELECT id, name, owner_id, scopes, devices, created, expires, "
                         "last_used, revoked FROM tokens WHERE ?1 = '' OR owner_id = ?1 ORDER BY "
                         "created DESC, id"));
    statement.bind(owner_id);
    std::vector<Token> tokens;
    while (TRY(statement.step())) {
      tokens.push_back(TRY(token_of(statement)));
    }
    return tokens;
  });
}

Result<void> Tokens::touch(std::string_view id, Ticks last_used) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement = TRY(database.prepare(
        "UPDATE tokens SET last_used = max(coalesce(last_used, ?1), ?1) WHERE id = ?2"));
    return statement.bind(last_used).bind(id).run();
  });
}

Result<void> Tokens::revoke(std::string_view id, Ticks time) {
  const auto token = TRY(get(id));
  if (!token) {
    return fail(ErrorCode::kNotFound, "there is no such token");
  }
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement =
        TRY(database.prepare("UPDATE tokens SET revoked = ? WHERE id = ? AND revoked IS NULL"));
    TRY_VOID(statement.bind(time).bind(id).run());
    if (database.changes() == 0) {
      return fail(ErrorCode::kConflict, "the token is revoked already");
    }
    return {};
  });
}

}  // namespace spoor::state
