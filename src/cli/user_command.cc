#include <fmt/format.h>

#include <cstdio>

#include "auth/accounts.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/password_prompt.h"
#include "cli/print.h"
#include "cli/state_folder.h"

namespace spoor::cli {
namespace {

/// Opens the folder and hands its accounts to `work`.
int with_accounts(const UserOptions& options, bool make,
                  const std::function<Result<void>(auth::Accounts&)>& work) {
  auto state = open_state(options.data, make);
  if (!state) {
    return say_failure(state.error());
  }
  auth::PasswordHasher hasher;
  auth::Accounts accounts(**state, hasher);
  const auto done = work(accounts);
  return done ? 0 : say_failure(done.error());
}

Result<auth::Secret> new_password(const UserOptions& options) {
  return options.generate ? Result<auth::Secret>(auth::Secret::random_password())
                          : read_new_password(options.name);
}

/// A password that was made here is shown, alone on standard output.
void show_password(const UserOptions& options, const auth::Secret& password) {
  if (options.generate) {
    const std::string_view text = password.reveal();
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputs("\n", stdout);
  }
}

kql::Constant time_or_none(Ticks time) { return time == 0 ? kql::Constant() : kql::Constant(time); }

std::string joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, " "));
}

}  // namespace

int run_user_list(const UserOptions& options) {
  return with_accounts(options, false, [&](auth::Accounts& accounts) -> Result<void> {
    RowPrinter printer(options.format, {{"Name", kql::Type::kString},
                                        {"DisplayName", kql::Type::kString},
                                        {"Role", kql::Type::kString},
                                        {"Groups", kql::Type::kString},
                                        {"Disabled", kql::Type::kBool},
                                        {"MustChangePassword", kql::Type::kBool},
                                        {"LockedUntil", kql::Type::kDateTime},
                                        {"LastSignIn", kql::Type::kDateTime},
                                        {"Created", kql::Type::kDateTime}});
    std::vector<kql::Row> rows;
    for (const state::User& user : TRY(accounts.list(auth::local_caller()))) {
      rows.push_back({user.name, user.display_name, std::string(schema::role_name(user.role)),
                      joined(user.groups), user.disabled, user.must_change_password,
                      time_or_none(user.locked_until), time_or_none(user.last_sign_in.value_or(0)),
                      user.created});
    }
    TRY_VOID(printer.add(rows));
    printer.finish(false);
    return {};
  });
}

int run_user_add(const UserOptions& options) {
  return with_accounts(options, true, [&](auth::Accounts& accounts) -> Result<void> {
    const auth::Secret password = TRY(new_password(options));
    TRY(accounts.add(auth::local_caller(),
                     {.name = options.name,
                      .display_name = options.display_name,
                      .role = schema::find_role(options.role).value_or(auth::Role::kReader),
                      .must_change_password = !options.lasting},
                     password));
    show_password(options, password);
    std::fprintf(stderr, "%s may sign in\n", options.name.c_str());
    return {};
  });
}

int run_user_set(const UserOptions& options) {
  auth::UserChange change;
  change.role = schema::find_role(options.role);
  if (!options.display_name.empty()) {
    change.display_name = options.display_name;
  }
  if (options.disable || options.enable) {
    change.disabled = options.disable;
  }
  change.unlock = options.unlock;
  return with_accounts(options, false, [&](auth::Accounts& accounts) -> Result<void> {
    TRY(accounts.change(auth::local_caller(), options.name, change));
    return {};
  });
}

int run_user_remove(const UserOptions& options) {
  return with_accounts(options, false, [&](auth::Accounts& accounts) {
    return accounts.remove(auth::local_caller(), options.name);
  });
}

int run_user_password(const UserOptions& options) {
  return with_accounts(options, false, [&](auth::Accounts& accounts) -> Result<void> {
    const auth::Secret password = TRY(new_password(options));
    TRY_VOID(
        accounts.reset_password(auth::local_caller(), options.name, password, !options.lasting));
    show_password(options, password);
    return {};
  });
}

}  // namespace spoor::cli
