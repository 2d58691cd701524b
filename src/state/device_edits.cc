#include "state/device_edits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "state/core.h"
#include "state/text_list.h"

namespace spoor::state {
namespace {

constexpr std::array<std::string_view, 4> kAssetValues = {"", "Low", "Normal", "High"};
constexpr std::array<std::string_view, 5> kCriticalities = {"", "Low", "Medium", "High",
                                                            "VeryHigh"};
/// They separate tags where several stand in one text.
constexpr std::string_view kNotInTags = ",;\"[]";

Result<void> check_tag(std::string_view tag) {
  const bool is_plain = !tag.empty() && tag.size() <= kMaxTagBytes && is_valid_utf8(tag) &&
                        trim_blanks(tag) == tag &&
                        tag.find_first_of(kNotInTags) == std::string_view::npos &&
                        std::ranges::none_of(tag, [](char letter) {
                          const auto byte = static_cast<unsigned char>(letter);
                          return byte < 0x20 || byte == 0x7f;
                        });
  return is_plain ? Result<void>()
                  : fail(Error::make(ErrorCode::kInvalidInput,
                                     fmt::format("'{}' is no tag", to_valid_utf8(tag)))
                             .with_hint("a name without , ; \" [ ] and control characters"));
}

Result<void> check(const DeviceChange& change) {
  for (const auto* tags : {&change.add_tags, &change.remove_tags}) {
    for (const std::string& tag : *tags) {
      TRY_VOID(check_tag(tag));
    }
  }
  if (change.asset_value &&
      std::ranges::find(kAssetValues, *change.asset_value) == kAssetValues.end()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("'{}' is no value of a device", *change.asset_value));
  }
  if (change.criticality &&
      std::ranges::find(kCriticalities, *change.criticality) == kCriticalities.end()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("'{}' is no criticality", *change.criticality));
  }
  return {};
}

constexpr std::string_view kColumns =
    "device_id, version, tags, asset_value, criticality, author, set_time, change_id";

Result<DeviceEdit> read_edit(const Statement& row) {
  DeviceEdit edit;
  edit.device_id = row.text(0);
  edit.version = row.integer(1);
  edit.tags = TRY(texts_from_json(row.text(2)));
  edit.asset_value = row.text(3);
  edit.criticality = row.text(4);
  edit.author = row.text(5);
  edit.set = row.integer(6);
  edit.change_id = row.text(7);
  return edit;
}

/// The newest version up to `at_most`; version 0 where there is none.
Result<DeviceEdit> version_of(Database& database, std::string_view device_id,
                              std::int64_t at_most) {
  static const std::string kSql = fmt::format(
      "SELECT {} FROM device_edits WHERE device_id = ? AND version <= ?"
      " ORDER BY version DESC LIMIT 1",
      kColumns);
  Statement row = TRY(database.prepare(kSql));
  row.bind(device_id).bind(at_most);
  if (TRY(row.step())) {
    return read_edit(row);
  }
  DeviceEdit none;
  none.device_id = device_id;
  return none;
}

bool says_the_same(const DeviceEdit& left, const DeviceEdit& right) {
  return left.tags == right.tags && left.asset_value == right.asset_value &&
         left.criticality == right.criticality;
}

/// Adds `wanted` as the version after `last`, where it says anything else.
Result<DeviceEditChange> add_version(Database& database, const DeviceEdit& last, DeviceEdit wanted,
                                     const ChangeOrigin& origin) {
  if (says_the_same(last, wanted)) {
    return DeviceEditChange{last, last, false};
  }
  wanted.version = last.version + 1;
  wanted.author = origin.author;
  // Two instants apart: what a version takes away is noted one instant before it.
  wanted.set = std::max(origin.now, last.set + 2);
  wanted.change_id = origin.change_id;
  Statement row = TRY(database.prepare(
      "INSERT INTO device_edits(device_id, version, tags, asset_value, criticality, author,"
      " set_time, change_id) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
  row.bind(wanted.device_id).bind(wanted.version).bind(texts_to_json(wanted.tags));
  row.bind(wanted.asset_value).bind(wanted.criticality).bind(wanted.author).bind(wanted.set);
  TRY_VOID(row.bind(wanted.change_id).run());
  return DeviceEditChange{last, std::move(wanted), true};
}

void apply(DeviceEdit& edit, const DeviceChange& change) {
  for (const std::string& tag : change.remove_tags) {
    std::erase_if(edit.tags,
                  [&](const std::string& each) { return equals_ignoring_case(each, tag); });
  }
  for (const std::string& tag : change.add_tags) {
    if (std::ranges::none_of(
            edit.tags, [&](const std::string& each) { return equals_ignoring_case(each, tag); })) {
      edit.tags.push_back(tag);
    }
  }
  std::ranges::sort(edit.tags);
  edit.asset_value = change.asset_value.value_or(edit.asset_value);
  edit.criticality = change.criticality.value_or(edit.criticality);
}

/// What `version` said, as the content of a version to come.
Result<DeviceEditChange> restore_in(Database& database, const DeviceEdit& last,
                                    std::int64_t version, const ChangeOrigin& origin) {
  DeviceEdit wanted = TRY(version_of(database, last.device_id, version));
  if (wanted.version != version) {
    return fail(ErrorCode::kNotFound,
                fmt::format("nothing of version {} is known of the device", version));
  }
  return add_version(database, last, std::move(wanted), origin);
}

}  // namespace

Result<DeviceEdit> DeviceEdits::newest(std::string_view device_id) {
  return core_.read([&](Database& database) { return version_of(database, device_id, INT64_MAX); });
}

Result<std::vector<DeviceEdit>> DeviceEdits::versions(std::string_view device_id, int limit) {
  return core_.read([&](Database& database) -> Result<std::vector<DeviceEdit>> {
    static const std::string kSql = fmt::format(
        "SELECT {} FROM device_edits WHERE device_id = ? ORDER BY version DESC LIMIT ?", kColumns);
    Statement rows = TRY(database.prepare(kSql));
    rows.bind(device_id).bind(static_cast<std::int64_t>(limit));
    std::vector<DeviceEdit> found;
    while (TRY(rows.step())) {
      found.push_back(TRY(read_edit(rows)));
    }
    return found;
  });
}

Result<DeviceEditChange> DeviceEdits::change(std::string_view device_id, const DeviceChange& change,
                                             const ChangeOrigin& origin,
                                             std::optional<std::int64_t> expected) {
  TRY_VOID(check(change));
  return core_.write([&](Database& database) -> Result<DeviceEditChange> {
    const DeviceEdit last = TRY(version_of(database, device_id, INT64_MAX));
    if (expected && *expected != last.version) {
      return fail(Error::make(ErrorCode::kConflict,
                              fmt::format("the device was changed by {}",
                                          last.author.empty() ? "nobody" : last.author))
                      .with_hint("read it again"));
    }
    DeviceEdit wanted = last;
    apply(wanted, change);
    if (wanted.tags.size() > kMaxTagsADevice) {
      return fail(ErrorCode::kLimit,
                  fmt::format("a device has at most {} tags of its own", kMaxTagsADevice));
    }
    return add_version(database, last, std::move(wanted), origin);
  });
}

Result<DeviceEditChange> DeviceEdits::restore(std::string_view device_id, std::int64_t version,
                                              const ChangeOrigin& origin) {
  return core_.write([&](Database& database) -> Result<DeviceEditChange> {
    const DeviceEdit last = TRY(version_of(database, device_id, INT64_MAX));
    return restore_in(database, last, version, origin);
  });
}

Result<UndoneChange> DeviceEdits::undo(
    std::string_view change_id, const std::function<bool(std::string_view device_id)>& is_seen,
    const ChangeOrigin& origin) {
  return core_.write([&](Database& database) -> Result<UndoneChange> {
    std::vector<std::pair<std::string, std::int64_t>> touched;
    {
      Statement rows = TRY(database.prepare(
          "SELECT device_id, version FROM device_edits WHERE change_id = ? ORDER BY device_id"));
      rows.bind(change_id);
      while (TRY(rows.step())) {
        touched.emplace_back(rows.text(0), rows.integer(1));
      }
    }
    std::erase_if(touched, [&](const auto& each) { return !is_seen(each.first); });
    if (touched.empty()) {
      return fail(ErrorCode::kNotFound, "there is no such change");
    }
    UndoneChange undone;
    for (const auto& [device_id, version] : touched) {
      const DeviceEdit last = TRY(version_of(database, device_id, INT64_MAX));
      if (last.version != version) {
        ++undone.skipped;
        continue;
      }
      undone.restored.push_back(TRY(restore_in(database, last, version - 1, origin)));
    }
    return undone;
  });
}

}  // namespace spoor::state
