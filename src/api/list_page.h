#pragma once
// Pages of lists that their service hands out whole: few enough to be held, too many for one
// answer. Internal to the module.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "api/call.h"
#include "api/cursor.h"
#include "api/write_json.h"

namespace spoor::api {

/// Place of an item in its list: lists rise by it, and no two items share one.
using ListPlace = std::pair<std::int64_t, std::string>;

/// The answer that the call's `cursor` and `limit` ask for, of all items in the order of
/// `place_of(item)`. What comes or goes between two pages moves no other item from one to another.
/// kInvalidInput for a cursor of another list.
template <class Item, class PlaceOf, class WriteItem>
Result<std::string> list_page(const Call& call, std::string_view list,
                              const std::vector<Item>& items, PlaceOf&& place_of,
                              WriteItem&& write_item) {
  std::span<const Item> left(items);
  if (call.has("cursor")) {
    auto parts = TRY(decode_cursor(list, call.text("cursor"), 2));
    const ListPlace last{TRY(cursor_number(parts[0])), std::move(parts[1])};
    const auto first = std::ranges::upper_bound(items, last, {}, place_of);
    left = left.subspan(static_cast<std::size_t>(first - items.begin()));
  }
  const auto page =
      left.first(std::min(left.size(), static_cast<std::size_t>(call.integer("limit"))));
  std::string next;
  if (page.size() < left.size()) {
    const ListPlace place = place_of(page.back());
    next = encode_cursor(list, {std::to_string(place.first), place.second});
  }
  return list_body(page, next, std::forward<WriteItem>(write_item));
}

}  // namespace spoor::api
