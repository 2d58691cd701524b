// Access for programs. The service authorises and records.

#include "api/handlers.h"
#include "api/list_page.h"
#include "api/write_json.h"
#include "auth/token_desk.h"

namespace spoor::api {
namespace {

void write_token(json::Writer& writer, const state::Token& token) {
  writer.begin_object()
      .key("id")
      .string(token.id)
      .key("name")
      .string(token.name)
      .key("owner_id")
      .string(token.owner_id);
  writer.key("scopes").begin_array();
  for (const auto scope : token.scopes) {
    writer.string(schema::token_scope_name(scope));
  }
  writer.end_array();
  write_texts(writer, "devices", token.devices);
  write_time(writer, "created", token.created);
  write_time_or_null(writer, "expires", token.expires);
  write_time_or_null(writer, "last_used", token.last_used);
  write_time_or_null(writer, "revoked", token.revoked);
  writer.end_object();
}

Result<Reply> list_tokens(const Services& services, Call& call) {
  const auto tokens = TRY(services.tokens.list(call.caller()));
  const auto place = [](const state::Token& token) { return ListPlace(-token.created, token.id); };
  return Reply::json(TRY(list_page(call, "tokens", tokens, place, write_token)));
}

Result<Reply> create_token(const Services& services, Call& call) {
  const json::Dynamic& body = call.body();
  auth::NewToken wanted;
  wanted.name = body["name"].text_or("");
  wanted.owner = body["owner"].text_or("");
  for (const std::string& name : Call::texts(body["scopes"])) {
    if (const auto scope = schema::find_token_scope(name)) {
      wanted.scopes.push_back(*scope);
    }
  }
  wanted.devices = Call::texts(body["devices"]);
  wanted.expires = TRY(Call::read_time(body["expires"], "/expires"));
  const auth::IssuedToken issued = TRY(services.tokens.issue(call.caller(), wanted));
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("token");
  write_token(writer, issued.token);
  writer.key("secret").string(issued.text.reveal()).end_object();
  return Reply::json(std::move(out), 201);
}

Result<Reply> revoke_token(const Services& services, Call& call) {
  TRY_VOID(services.tokens.revoke(call.caller(), call.text("token_id")));
  return Reply::empty();
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kListTokens, list_tokens, ""},
    {OperationId::kCreateToken, create_token, ""},
    {OperationId::kRevokeToken, revoke_token, ""},
};

}  // namespace

std::span<const HandlerEntry> token_handlers() { return kHandlers; }

}  // namespace spoor::api
