// Views that people save, and how the pages look for them.

#include <fmt/core.h>

#include <array>
#include <set>

#include "api/errors.h"
#include "api/handlers.h"
#include "api/list_page.h"
#include "api/recording.h"
#include "api/write_json.h"
#include "auth/credential.h"
#include "base/text.h"
#include "investigate/filter.h"
#include "json/reader.h"
#include "state/state.h"

namespace spoor::api {
namespace {

/// Members of a view that are its page's own, with what stands for those that are not given.
constexpr std::array kContent = {
    std::pair<std::string_view, std::string_view>{"q", "\"\""},
    std::pair<std::string_view, std::string_view>{"columns", "[]"},
    std::pair<std::string_view, std::string_view>{"sort", "[]"},
    std::pair<std::string_view, std::string_view>{"segment", "\"all\""},
    std::pair<std::string_view, std::string_view>{"groups", "[]"},
    std::pair<std::string_view, std::string_view>{"without_groups", "[]"},
    std::pair<std::string_view, std::string_view>{"action_types", "[]"},
};
constexpr std::array kSettings = {
    std::pair<std::string_view, std::string_view>{"time_zone", "\"utc\""},
    std::pair<std::string_view, std::string_view>{"zone_name", "\"\""},
    std::pair<std::string_view, std::string_view>{"theme", "\"system\""},
    std::pair<std::string_view, std::string_view>{"density", "\"by_page\""},
    std::pair<std::string_view, std::string_view>{"single_keys", "true"},
    std::pair<std::string_view, std::string_view>{"keys", "[]"},
    std::pair<std::string_view, std::string_view>{"pages", "[]"},
};

/// Those members of `source`, each once, in their order.
template <class Members>
void write_members(json::Writer& writer, const Members& members, const json::Dynamic& source) {
  for (const auto& [name, otherwise] : members) {
    const json::Dynamic* value = source.find(name);
    writer.key(name).raw(value == nullptr ? std::string(otherwise) : value->dump());
  }
}

template <class Members>
std::string object_of(const Members& members, const json::Dynamic& source) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  write_members(writer, members, source);
  writer.end_object();
  return out;
}

/// Whose views and settings these are: of a user by id, so that a new name changes nothing; of
/// other callers by the name that the audit log gives them.
std::string owner_of(const auth::Caller& caller) {
  return caller.kind == auth::CallerKind::kUser ? caller.id : caller.actor();
}

void write_view(json::Writer& writer, const state::SavedView& view, std::string_view owner) {
  writer.begin_object().key("id").string(view.id).key("name").string(view.name);
  writer.key("page").string(view.page);
  const auto content = json::parse(view.content);
  write_members(writer, kContent, content ? *content : json::Dynamic());
  writer.key("is_shared").boolean(view.is_shared).key("is_mine").boolean(view.owner == owner);
  writer.key("owner").string(view.owner_name).key("version").number(view.version);
  write_time(writer, "created", view.created);
  write_time(writer, "changed", view.changed);
  writer.end_object();
}

std::string view_body(const state::SavedView& view, std::string_view owner) {
  std::string out;
  json::Writer writer(out);
  write_view(writer, view, owner);
  return out;
}

/// What the body says of a view; its filter must be one of the page.
Result<state::SavedView> read_view(const Call& call) {
  const json::Dynamic& body = call.body();
  state::SavedView view;
  view.name = trim_blanks(body["name"].text_or(""));
  if (view.name.empty()) {
    return fail(in_field(Error::make(ErrorCode::kInvalidInput, "must not be blank"), "/name"));
  }
  view.page = body["page"].text_or("");
  const auto subject = view.page == "devices" ? investigate::FilterSubject::kDevices
                                              : investigate::FilterSubject::kTimeline;
  if (auto filter = investigate::parse_filter(body["q"].text_or(""), subject); !filter) {
    return fail(in_field(std::move(filter).error(), "/q"));
  }
  view.content = object_of(kContent, body);
  const bool* shared = body["is_shared"].as_bool();
  view.is_shared = shared != nullptr && *shared;
  if (view.is_shared) {
    TRY_VOID(auth::require(call.caller(), auth::Permission::kViewsShare));
  }
  return view;
}

/// The view of the path, where the caller may see it: their own, or one that is shared.
Result<state::SavedView> seen_view(const Services& services, const Call& call) {
  auto view = TRY(services.state.saved_views().get(call.text("view_id")));
  if (!view || (!view->is_shared && view->owner != owner_of(call.caller()))) {
    return fail(ErrorCode::kNotFound, "there is no such view");
  }
  return *std::move(view);
}

void note_view(Call& call, const state::SavedView& view) {
  std::string detail;
  json::Writer(detail)
      .begin_object()
      .key("name")
      .string(view.name)
      .key("is_shared")
      .boolean(view.is_shared)
      .end_object();
  call.note(view.id, std::move(detail));
}

Result<Reply> list_views(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  const std::string owner = owner_of(call.caller());
  // Mine first, then by name whatever the case; the id tells two of one name apart.
  const auto place_of = [&](const state::SavedView& view) {
    return ListPlace{view.owner == owner ? 0 : 1, to_ascii_lower(view.name) + '\n' + view.id};
  };
  auto views = TRY(services.state.saved_views().list(owner, call.text("page")));
  std::ranges::sort(views, {}, place_of);
  return Reply::json(TRY(list_page(call, "views", views, place_of,
                                   [&](json::Writer& writer, const state::SavedView& view) {
                                     write_view(writer, view, owner);
                                   })));
}

Result<Reply> get_view(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  return Reply::json(view_body(TRY(seen_view(services, call)), owner_of(call.caller())));
}

Result<Reply> create_view(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  state::SavedView view = TRY(read_view(call));
  view.id = auth::random_id();
  view.owner = owner_of(call.caller());
  view.owner_name = call.caller().name;
  note_view(call, view);
  TRY_VOID(record_with(services, call, "view.create", [&]() -> Result<void> {
    view = TRY(services.state.saved_views().add(view, now_ticks()));
    return {};
  }));
  return Reply::json(view_body(view, view.owner), 201);
}

Result<Reply> change_view(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  call.note(call.text("view_id"));
  const state::SavedView last = TRY(seen_view(services, call));
  if (last.owner != owner_of(call.caller())) {
    return fail(ErrorCode::kForbidden, fmt::format("This view is {}'s.", last.owner_name));
  }
  state::SavedView view = TRY(read_view(call));
  view.id = last.id;
  note_view(call, view);
  const auto* expected = call.body().find("expected");
  TRY_VOID(record_with(services, call, "view.change", [&]() -> Result<void> {
    view = TRY(services.state.saved_views().change(
        view, expected != nullptr ? std::optional(expected->int_or(0)) : std::nullopt,
        now_ticks()));
    return {};
  }));
  return Reply::json(view_body(view, view.owner));
}

Result<Reply> delete_view(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kDevicesRead));
  call.note(call.text("view_id"));
  const state::SavedView view = TRY(seen_view(services, call));
  if (view.owner != owner_of(call.caller()) &&
      !call.caller().may(auth::Permission::kSettingsWrite)) {
    return fail(ErrorCode::kForbidden, fmt::format("This view is {}'s.", view.owner_name));
  }
  note_view(call, view);
  TRY_VOID(record_with(services, call, "view.delete",
                       [&] { return services.state.saved_views().remove(view.id); }));
  return Reply::empty();
}

Result<Reply> get_my_settings(const Services& services, Call& call) {
  const auto stored = TRY(services.state.person_settings().get(owner_of(call.caller())));
  const auto settings = json::parse(stored ? stored->json : "{}");
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  write_members(writer, kSettings, settings ? *settings : json::Dynamic());
  write_time_or_null(writer, "changed", stored ? stored->changed : 0);
  writer.end_object();
  return Reply::json(std::move(out));
}

/// When the settings of the call were changed: as it says, but never in the future, where they
/// would win over all that comes.
Result<Ticks> changed_of(const Call& call) {
  const Ticks now = now_ticks();
  const auto* changed = call.body().find("changed");
  return changed == nullptr || changed->is_null()
             ? now
             : std::min(now, TRY(Call::read_time(*changed, "/changed")).value_or(now));
}

/// Each thing is set once.
Result<void> check_once(const json::Dynamic& list, std::string_view member,
                        std::string_view place) {
  std::set<std::string_view> seen;
  if (const auto* items = list.as_array()) {
    for (const json::Dynamic& item : *items) {
      if (!seen.insert(item[member].text_or("")).second) {
        return fail(in_field(Error::make(ErrorCode::kInvalidInput,
                                         fmt::format("has {} twice", item[member].text_or(""))),
                             place));
      }
    }
  }
  return {};
}

Result<Reply> set_my_settings(const Services& services, Call& call) {
  TRY_VOID(check_once(call.body()["pages"], "page", "/pages"));
  TRY_VOID(check_once(call.body()["keys"], "action", "/keys"));
  TRY_VOID(services.state.person_settings().set(
      owner_of(call.caller()), {object_of(kSettings, call.body()), TRY(changed_of(call))}));
  return get_my_settings(services, call);
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kListViews, list_views, ""},
    {OperationId::kGetView, get_view, ""},
    {OperationId::kCreateView, create_view, "view.create"},
    {OperationId::kChangeView, change_view, "view.change"},
    {OperationId::kDeleteView, delete_view, "view.delete"},
    {OperationId::kGetMySettings, get_my_settings, ""},
    {OperationId::kSetMySettings, set_my_settings, ""},
};

}  // namespace

std::span<const HandlerEntry> saved_view_handlers() { return kHandlers; }

}  // namespace spoor::api
