// Signing in and out; who I am.

#include "api/handlers.h"
#include "api/list_page.h"
#include "api/write_json.h"
#include "auth/authenticator.h"
#include "auth/credential.h"
#include "base/version.h"

namespace spoor::api {
namespace {

std::string_view kind_name(auth::CallerKind kind) {
  switch (kind) {
    case auth::CallerKind::kUser:
      return "user";
    case auth::CallerKind::kToken:
      return "token";
    case auth::CallerKind::kLocal:
      return "local";
    case auth::CallerKind::kSystem:
      return "system";
  }
  return "system";
}

std::string me(const auth::Caller& caller, std::string_view csrf) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("id").string(caller.id).key("name").string(caller.name);
  writer.key("role")
      .string(schema::role_name(caller.role))
      .key("kind")
      .string(kind_name(caller.kind));
  writer.key("permissions").begin_array();
  for (const auto& permission : schema::permissions()) {
    if (caller.may(permission.permission)) {
      writer.string(permission.name);
    }
  }
  writer.end_array();
  writer.key("all_devices").boolean(caller.scope.all).key("csrf_token").string(csrf);
  writer.key("must_change_password").boolean(caller.must_change_password).end_object();
  return out;
}

Reply signed_in(const auth::SignedIn& session) {
  Reply reply = Reply::json(me(session.caller, session.csrf.reveal()));
  reply.response.set("Set-Cookie", std::string(auth::set_cookie_header(session.cookie).reveal()));
  return reply;
}

Reply with_cookie_cleared(Reply reply) {
  reply.response.set("Set-Cookie", auth::clear_cookie_header());
  return reply;
}

Result<Reply> get_welcome(const Services& services, Call& /*call*/) {
  const Welcome welcome = services.welcome ? services.welcome() : Welcome();
  std::string out;
  json::Writer(out)
      .begin_object()
      .key("version")
      .string(version())
      .key("is_first_run")
      .boolean(welcome.is_first_run)
      .key("certificate_fingerprint")
      .string(welcome.certificate_fingerprint)
      .end_object();
  return Reply::json(std::move(out));
}

Result<Reply> get_session(const Services& /*services*/, Call& call) {
  const auto cookie = call.request().cookie(auth::kCookieName);
  if (call.caller().kind != auth::CallerKind::kUser || !cookie) {
    return Reply::json(me(call.caller(), ""));
  }
  return Reply::json(me(call.caller(), TRY(auth::csrf_token(*cookie)).reveal()));
}

Result<Reply> sign_in(const Services& services, Call& call) {
  const auth::Secret password(call.body()["password"].text_or(""));
  return signed_in(TRY(services.authenticator.sign_in(call.body()["name"].text_or(""), password,
                                                      call.request().remote_address,
                                                      call.request().header("User-Agent"))));
}

Result<Reply> sign_out(const Services& services, Call& call) {
  TRY_VOID(services.authenticator.sign_out(call.caller()));
  return with_cookie_cleared(Reply::empty());
}

Result<Reply> change_password(const Services& services, Call& call) {
  const auth::Secret current(call.body()["current"].text_or(""));
  const auth::Secret wanted(call.body()["new"].text_or(""));
  return signed_in(TRY(services.authenticator.change_password(call.caller(), current, wanted)));
}

Result<Reply> list_sessions(const Services& services, Call& call) {
  const auto sessions = TRY(services.authenticator.sessions(call.caller()));
  const auto place = [](const state::Session& session) {
    return ListPlace(-session.last_used, session.id);
  };
  const auto write = [&](json::Writer& writer, const state::Session& session) {
    writer.begin_object().key("id").string(session.id);
    write_time(writer, "created", session.created);
    write_time(writer, "last_used", session.last_used);
    write_time(writer, "expires", session.expires);
    writer.key("address").string(session.address).key("agent").string(session.agent);
    writer.key("is_current").boolean(session.id == call.caller().session_id).end_object();
  };
  return Reply::json(TRY(list_page(call, "sessions", sessions, place, write)));
}

Result<Reply> sign_out_everywhere(const Services& services, Call& call) {
  const std::int64_t ended = TRY(services.authenticator.sign_out_everywhere(call.caller()));
  std::string out;
  json::Writer(out).begin_object().key("sessions").number(ended).end_object();
  return with_cookie_cleared(Reply::json(std::move(out)));
}

Result<Reply> end_session(const Services& services, Call& call) {
  TRY_VOID(services.authenticator.end_session(call.caller(), call.text("session_id")));
  return Reply::empty();
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kGetWelcome, get_welcome, ""},
    {OperationId::kGetSession, get_session, ""},
    {OperationId::kSignIn, sign_in, ""},
    {OperationId::kSignOut, sign_out, ""},
    {OperationId::kChangePassword, change_password, ""},
    {OperationId::kListSessions, list_sessions, ""},
    {OperationId::kSignOutEverywhere, sign_out_everywhere, ""},
    {OperationId::kEndSession, end_session, ""},
};

}  // namespace

std::span<const HandlerEntry> session_handlers() { return kHandlers; }

}  // namespace spoor::api
