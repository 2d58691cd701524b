#include "auth/accounts.h"

#include <fmt/format.h>

#include "auth/credential.h"
#include "auth/password_rules.h"
#include "auth/record.h"
#include "base/text.h"
#include "json/writer.h"

namespace spoor::auth {
namespace {

void write_user(json::Writer& writer, const state::User& user) {
  writer.key("display_name").string(user.display_name);
  writer.key("role").string(schema::role_name(user.role)).key("groups").begin_array();
  for (const std::string& group : user.groups) {
    writer.string(group);
  }
  writer.end_array().key("disabled").boolean(user.disabled);
}

Result<void> check_display_name(std::string_view name) {
  constexpr std::size_t kMaxBytes = 200;
  if (name.size() > kMaxBytes || !is_valid_utf8(name)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("A display name is text of at most {} bytes.", kMaxBytes));
  }
  return {};
}

}  // namespace

Result<state::User> Accounts::find(std::string_view name) {
  auto user = TRY(state_.users().find(name));
  if (!user) {
    return fail(ErrorCode::kNotFound, fmt::format("There is no user \"{}\".", name));
  }
  return *std::move(user);
}

/// To be asked inside the transaction of a change, after it.
Result<void> Accounts::check_an_administrator_is_left() {
  if (TRY(state_.users().count_active(Role::kAdministrator)) == 0) {
    return fail(ErrorCode::kConflict, "That would leave no administrator who can sign in.");
  }
  return {};
}

Result<std::vector<state::User>> Accounts::list(const Caller& caller) {
  TRY_VOID(require(caller, Permission::kUsersRead));
  return state_.users().list();
}

Result<state::User> Accounts::add(const Caller& caller, const NewUser& user,
                                  const Secret& password) {
  TRY_VOID(require(caller, Permission::kUsersManage));
  TRY_VOID(check_user_name(user.name));
  TRY_VOID(check_display_name(user.display_name));
  TRY_VOID(check_password(password, user.name));
  state::User added;
  added.id = random_id();
  added.name = user.name;
  added.display_name = user.display_name;
  added.role = user.role;
  added.groups = user.groups;
  added.must_change_password = user.must_change_password;
  added.created = clock_();
  const std::string hash = TRY(hasher_.hash(password));
  TRY_VOID(state_.in_transaction([&]() -> Result<void> {
    TRY_VOID(state_.users().add(added, hash));
    std::string detail;
    json::Writer writer(detail);
    writer.begin_object();
    write_user(writer, added);
    writer.end_object();
    return record(state_, caller, added.created, "user.add", added.name, detail);
  }));
  return added;
}

Result<state::User> Accounts::change(const Caller& caller, std::string_view name,
                                     const UserChange& change) {
  TRY_VOID(require(caller, Permission::kUsersManage));
  if (change.display_name) {
    TRY_VOID(check_display_name(*change.display_name));
  }
  state::User user;
  TRY_VOID(state_.in_transaction([&]() -> Result<void> {
    user = TRY(find(name));
    const bool was_administrator = user.role == Role::kAdministrator && !user.disabled;
    std::string detail;
    json::Writer writer(detail);
    writer.begin_object().key("before").begin_object();
    write_user(writer, user);
    user.display_name = change.display_name.value_or(user.display_name);
    user.role = change.role.value_or(user.role);
    user.groups = change.groups.value_or(user.groups);
    user.disabled = change.disabled.value_or(user.disabled);
    writer.end_object().key("after").begin_object();
    write_user(writer, user);
    writer.end_object();
    TRY_VOID(state_.users().update(user));
    if (was_administrator) {
      TRY_VOID(check_an_administrator_is_left());
    }
    if (user.disabled) {
      TRY(state_.sessions().remove_all(user.id));
    }
    if (change.unlock) {
      TRY_VOID(state_.users().set_failures(user.id, 0, 0, 0));
      writer.key("unlocked").boolean(true);
    }
    writer.end_object();
    return record(state_, caller, clock_(), "user.change", user.name, detail);
  }));
  return find(name);
}

Result<void> Accounts::remove(const Caller& caller, std::string_view name) {
  TRY_VOID(require(caller, Permission::kUsersManage));
  return state_.in_transaction([&]() -> Result<void> {
    const state::User user = TRY(find(name));
    TRY_VOID(state_.users().remove(user.id));
    if (user.role == Role::kAdministrator) {
      TRY_VOID(check_an_administrator_is_left());
    }
    return record(state_, caller, clock_(), "user.remove", user.name);
  });
}

Result<void> Accounts::reset_password(const Caller& caller, std::string_view name,
                                      const Secret& password, bool must_change) {
  TRY_VOID(require(caller, Permission::kUsersManage));
  TRY_VOID(check_password(password, name));
  TRY(find(name));
  const std::string hash = TRY(hasher_.hash(password));
  return state_.in_transaction([&]() -> Result<void> {
    const state::User user = TRY(find(name));
    TRY_VOID(state_.users().set_password(user.id, hash, must_change));
    TRY_VOID(state_.users().set_failures(user.id, 0, 0, 0));
    TRY(state_.sessions().remove_all(user.id));
    return record(state_, caller, clock_(), "user.password_reset", user.name);
  });
}

Result<std::int64_t> Accounts::end_sessions(const Caller& caller, std::string_view name) {
  TRY_VOID(require(caller, Permission::kUsersManage));
  std::int64_t ended = 0;
  TRY_VOID(state_.in_transaction([&]() -> Result<void> {
    const state::User user = TRY(find(name));
    ended = TRY(state_.sessions().remove_all(user.id));
    return record(state_, caller, clock_(), "session.end_all", user.name,
                  fmt::format("{{\"sessions\":{}}}", ended));
  }));
  return ended;
}

}  // namespace spoor::auth
