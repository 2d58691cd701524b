#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "auth/token_desk.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/print.h"
#include "cli/state_folder.h"
#include "cli/time_option.h"

namespace spoor::cli {
namespace {

kql::Constant time_or_none(const std::optional<Ticks>& time) {
  return time ? kql::Constant(*time) : kql::Constant();
}

Result<void> list(state::State& state, const TokenOptions& options) {
  std::map<std::string, std::string> names;
  for (const state::User& user : TRY(state.users().list())) {
    names.emplace(user.id, user.name);
  }
  RowPrinter printer(options.format, {{"Id", kql::Type::kString},
                                      {"Name", kql::Type::kString},
                                      {"Owner", kql::Type::kString},
                                      {"Scopes", kql::Type::kString},
                                      {"Devices", kql::Type::kString},
                                      {"Created", kql::Type::kDateTime},
                                      {"Expires", kql::Type::kDateTime},
                                      {"LastUsed", kql::Type::kDateTime},
                                      {"Revoked", kql::Type::kDateTime}});
  std::vector<kql::Row> rows;
  for (const state::Token& token : TRY(auth::TokenDesk(state).list(auth::local_caller()))) {
    std::vector<std::string_view> scopes;
    for (const schema::TokenScope scope : token.scopes) {
      scopes.push_back(schema::token_scope_name(scope));
    }
    rows.push_back(
        {token.id, token.name, names[token.owner_id], fmt::format("{}", fmt::join(scopes, " ")),
         fmt::format("{}", fmt::join(token.devices, " ")), token.created,
         time_or_none(token.expires), time_or_none(token.last_used), time_or_none(token.revoked)});
  }
  TRY_VOID(printer.add(rows));
  printer.finish(false);
  return {};
}

Result<void> add(state::State& state, const TokenOptions& options) {
  auth::NewToken token{.name = options.name, .owner = options.owner, .devices = options.devices};
  for (const std::string& name : options.scopes) {
    if (const auto scope = schema::find_token_scope(name)) {
      token.scopes.push_back(*scope);
    }
  }
  if (!options.expires.empty()) {
    token.expires = TRY(time_option(options.expires, 0, "expires"));
  }
  const auth::IssuedToken issued = TRY(auth::TokenDesk(state).issue(auth::local_caller(), token));
  const std::string_view text = issued.text.reveal();
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputs("\n", stdout);
  std::fprintf(stderr, "token %s: it is shown only now\n", issued.token.id.c_str());
  return {};
}

int with_state(const TokenOptions& options,
               Result<void> (*work)(state::State&, const TokenOptions&)) {
  auto state = open_state(options.data);
  if (!state) {
    return say_failure(state.error());
  }
  const auto done = work(**state, options);
  return done ? 0 : say_failure(done.error());
}

}  // namespace

int run_token_list(const TokenOptions& options) { return with_state(options, list); }
int run_token_add(const TokenOptions& options) { return with_state(options, add); }

int run_token_revoke(const TokenOptions& options) {
  return with_state(options, [](state::State& state, const TokenOptions& given) {
    return auth::TokenDesk(state).revoke(auth::local_caller(), given.id);
  });
}

}  // namespace spoor::cli
