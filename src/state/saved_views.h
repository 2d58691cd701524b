#pragma once
// Views that people save: a name for a filter, columns and an order; and how the pages look for a
// person.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::state {

class Core;

struct SavedView {
  std::string id;
  std::string owner;       ///< who made it: id of a user, else the name of the caller
  std::string owner_name;  ///< as people call them
  std::string page;        ///< timeline, devices
  std::string name;        ///< one of the owner's of this page, whatever the case
  std::string content;     ///< JSON object; what it holds is the page's
  bool is_shared = false;
  std::int64_t version = 0;  ///< from 1 on
  Ticks created = 0;
  Ticks changed = 0;
};

inline constexpr std::int64_t kMaxViewsAPerson = 200;

class SavedViews {
 public:
  explicit SavedViews(Core& core) : core_(core) {}

  /// Those of the owner first, then what others share; by name. `page`: only those; empty: all.
  Result<std::vector<SavedView>> list(std::string_view owner, std::string_view page);
  /// Nothing where there is none.
  Result<std::optional<SavedView>> get(std::string_view id);
  /// kConflict where the owner has one of that name, kLimit past kMaxViewsAPerson. `version` is
  /// ignored.
  Result<SavedView> add(const SavedView& view, Ticks now);
  /// Name, page, content and sharing become those given. `expected`: the version that was read.
  /// kConflict where there is a newer one, or for the name as above; kNotFound.
  Result<SavedView> change(const SavedView& view, std::optional<std::int64_t> expected, Ticks now);
  /// kNotFound.
  Result<void> remove(std::string_view id);

 private:
  Core& core_;
};

/// How the pages look for a person.
struct PersonDocument {
  std::string json;
  Ticks changed = 0;
};

/// One document a person.
class PersonSettings {
 public:
  explicit PersonSettings(Core& core) : core_(core) {}

  /// Nothing where the person has set nothing.
  Result<std::optional<PersonDocument>> get(std::string_view owner);
  /// Keeps the document, unless what is kept was changed later: the newest wins, whatever arrives
  /// last.
  Result<void> set(std::string_view owner, const PersonDocument& document);

 private:
  Core& core_;
};

}  // namespace spoor::state
