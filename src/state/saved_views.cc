#include "state/saved_views.h"

#include <fmt/format.h>

#include "state/core.h"

namespace spoor::state {
namespace {

constexpr std::string_view kColumns =
    "id, owner, owner_name, page, name, content, is_shared, version, created, changed";

SavedView read_view(const Statement& row) {
  SavedView view;
  view.id = row.text(0);
  view.owner = row.text(1);
  view.owner_name = row.text(2);
  view.page = row.text(3);
  view.name = row.text(4);
  view.content = row.text(5);
  view.is_shared = row.integer(6) != 0;
  view.version = row.integer(7);
  view.created = row.integer(8);
  view.changed = row.integer(9);
  return view;
}

std::unexpected<Error> no_such_view() {
  return fail(ErrorCode::kNotFound, "there is no such view");
}

Result<std::optional<SavedView>> find(Database& database, std::string_view id) {
  static const std::string kSql = fmt::format("SELECT {} FROM views WHERE id = ?", kColumns);
  Statement row = TRY(database.prepare(kSql));
  if (!TRY(row.bind(id).step())) {
    return std::nullopt;
  }
  return read_view(row);
}

/// The name must not be that of another view of the owner's.
Result<void> check_name(Database& database, const SavedView& view) {
  Statement row = TRY(database.prepare(
      "SELECT 1 FROM views WHERE owner = ? AND page = ? AND name = ? AND id <> ?"));
  if (TRY(row.bind(view.owner).bind(view.page).bind(view.name).bind(view.id).step())) {
    return fail(ErrorCode::kConflict, fmt::format("there is a view \"{}\" already", view.name));
  }
  return {};
}

}  // namespace

Result<std::vector<SavedView>> SavedViews::list(std::string_view owner, std::string_view page) {
  return core_.read([&](Database& database) -> Result<std::vector<SavedView>> {
    static const std::string kSql = fmt::format(
        "SELECT {} FROM views WHERE (owner = ?1 OR is_shared) AND (?2 = '' OR page = ?2)"
        " ORDER BY owner <> ?1, name COLLATE NOCASE, id",
        kColumns);
    Statement rows = TRY(database.prepare(kSql));
    rows.bind(owner).bind(page);
    std::vector<SavedView> found;
    while (TRY(rows.step())) {
      found.push_back(read_view(rows));
    }
    return found;
  });
}

Result<std::optional<SavedView>> SavedViews::get(std::string_view id) {
  return core_.read([&](Database& database) { return find(database, id); });
}

Result<SavedView> SavedViews::add(const SavedView& view, Ticks now) {
  return core_.write([&](Database& database) -> Result<SavedView> {
    {
      Statement count = TRY(database.prepare("SELECT count(*) FROM views WHERE owner = ?"));
      TRY(count.bind(view.owner).step());
      if (count.integer(0) >= kMaxViewsAPerson) {
        return fail(Error::make(ErrorCode::kLimit,
                                fmt::format("a person has at most {} views", kMaxViewsAPerson))
                        .with_hint("remove one that is not used"));
      }
    }
    TRY_VOID(check_name(database, view));
    SavedView made = view;
    made.version = 1;
    made.created = now;
    made.changed = now;
    Statement row = TRY(database.prepare(
        "INSERT INTO views(id, owner, owner_name, page, name, content, is_shared, version,"
        " created, changed) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    row.bind(made.id).bind(made.owner).bind(made.owner_name).bind(made.page).bind(made.name);
    row.bind(made.content).bind(std::int64_t{made.is_shared}).bind(made.version);
    TRY_VOID(row.bind(made.created).bind(made.changed).run());
    return made;
  });
}

Result<SavedView> SavedViews::change(const SavedView& view, std::optional<std::int64_t> expected,
                                     Ticks now) {
  return core_.write([&](Database& database) -> Result<SavedView> {
    auto last = TRY(find(database, view.id));
    if (!last) {
      return no_such_view();
    }
    if (expected && *expected != last->version) {
      return fail(Error::make(ErrorCode::kConflict, "the view was changed since it was read")
                      .with_hint("read it again"));
    }
    SavedView made = *std::move(last);
    made.page = view.page;
    made.name = view.name;
    made.content = view.content;
    made.is_shared = view.is_shared;
    made.changed = now;
    ++made.version;
    TRY_VOID(check_name(database, made));
    Statement row = TRY(
        database.prepare("UPDATE views SET page = ?, name = ?, content = ?, is_shared = ?, version"
                         " = ?, changed = ? WHERE id = ?"));
    row.bind(made.page).bind(made.name).bind(made.content).bind(std::int64_t{made.is_shared});
    TRY_VOID(row.bind(made.version).bind(made.changed).bind(made.id).run());
    return made;
  });
}

Result<void> SavedViews::remove(std::string_view id) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement row = TRY(database.prepare("DELETE FROM views WHERE id = ?"));
    TRY_VOID(row.bind(id).run());
    return database.changes() > 0 ? Result<void>() : no_such_view();
  });
}

Result<std::optional<PersonDocument>> PersonSettings::get(std::string_view owner) {
  return core_.read([&](Database& database) -> Result<std::optional<PersonDocument>> {
    Statement row =
        TRY(database.prepare("SELECT content, changed FROM person_settings WHERE owner = ?"));
    if (!TRY(row.bind(owner).step())) {
      return std::nullopt;
    }
    return PersonDocument{row.text(0), row.integer(1)};
  });
}

Result<void> PersonSettings::set(std::string_view owner, const PersonDocument& document) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement row =
        TRY(database.prepare("INSERT INTO person_settings(owner, content, changed) VALUES(?, ?, ?)"
                             " ON CONFLICT(owner) DO UPDATE SET content = excluded.content, "
                             "changed = excluded.changed WHERE excluded.changed >= changed"));
    return row.bind(owner).bind(document.json).bind(document.changed).run();
  });
}

}  // namespace spoor::state
