// People and what they may do. The service authorises and records.

#include "api/handlers.h"
#include "api/list_page.h"
#include "api/write_json.h"
#include "auth/accounts.h"
#include "base/text.h"

namespace spoor::api {
namespace {

void write_user(json::Writer& writer, const state::User& user) {
  writer.begin_object().key("id").string(user.id).key("name").string(user.name);
  writer.key("display_name")
      .string(user.display_name)
      .key("role")
      .string(schema::role_name(user.role));
  write_texts(writer, "groups", user.groups);
  writer.key("is_disabled")
      .boolean(user.disabled)
      .key("must_change_password")
      .boolean(user.must_change_password);
  write_time_or_null(writer, "locked_until", user.locked_until);
  write_time(writer, "created", user.created);
  write_time_or_null(writer, "last_sign_in", user.last_sign_in);
  writer.end_object();
}

std::string user_body(const state::User& user) {
  std::string out;
  json::Writer writer(out);
  write_user(writer, user);
  return out;
}

Result<Reply> list_users(const Services& services, Call& call) {
  const auto users = TRY(services.accounts.list(call.caller()));
  // Names are told apart, and sorted, without regard to case.
  const auto place = [](const state::User& user) {
    return ListPlace(0, to_ascii_lower(user.name));
  };
  return Reply::json(TRY(list_page(call, "users", users, place, write_user)));
}

Result<Reply> create_user(const Services& services, Call& call) {
  const json::Dynamic& body = call.body();
  auth::NewUser user;
  user.name = body["name"].text_or("");
  user.display_name = body["display_name"].text_or("");
  user.role = schema::find_role(body["role"].text_or("")).value_or(user.role);
  if (body.find("groups") != nullptr) {
    user.groups = Call::texts(body["groups"]);
  }
  const auth::Secret password(body["password"].text_or(""));
  return Reply::json(user_body(TRY(services.accounts.add(call.caller(), user, password))), 201);
}

Result<Reply> change_user(const Services& services, Call& call) {
  const json::Dynamic& body = call.body();
  auth::UserChange change;
  if (const auto* name = body["display_name"].as_string()) {
    change.display_name = *name;
  }
  change.role = schema::find_role(body["role"].text_or(""));
  if (body.find("groups") != nullptr) {
    change.groups = Call::texts(body["groups"]);
  }
  if (const bool* disabled = body["is_disabled"].as_bool()) {
    change.disabled = *disabled;
  }
  const bool* unlock = body["unlock"].as_bool();
  change.unlock = unlock != nullptr && *unlock;
  return Reply::json(
      user_body(TRY(services.accounts.change(call.caller(), call.text("name"), change))));
}

Result<Reply> delete_user(const Services& services, Call& call) {
  TRY_VOID(services.accounts.remove(call.caller(), call.text("name")));
  return Reply::empty();
}

Result<Reply> reset_password(const Services& services, Call& call) {
  const auth::Secret password(call.body()["password"].text_or(""));
  TRY_VOID(services.accounts.reset_password(call.caller(), call.text("name"), password));
  return Reply::empty();
}

Result<Reply> end_user_sessions(const Services& services, Call& call) {
  const std::int64_t ended = TRY(services.accounts.end_sessions(call.caller(), call.text("name")));
  std::string out;
  json::Writer(out).begin_object().key("sessions").number(ended).end_object();
  return Reply::json(std::move(out));
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kListUsers, list_users, ""},
    {OperationId::kCreateUser, create_user, ""},
    {OperationId::kChangeUser, change_user, ""},
    {OperationId::kDeleteUser, delete_user, ""},
    {OperationId::kResetPassword, reset_password, ""},
    {OperationId::kEndUserSessions, end_user_sessions, ""},
};

}  // namespace

std::span<const HandlerEntry> user_handlers() { return kHandlers; }

}  // namespace spoor::api
