#pragma once
// What each device sends: its channels with their spans, gaps, and events that no mapping knows.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "investigate/device_cards.h"
#include "investigate/device_key.h"
#include "investigate/device_views.h"

namespace spoor::investigate {

/// A channel of a device, or a source that has none by its kind ("evtx").
struct SourceChannel {
  std::string device_id, device_name;  ///< as stored; a merged device may stand with two ids
  std::string channel;
  std::int64_t records = 0;
  std::int64_t unmapped = 0;   ///< of `records`: no mapping knows their event
  std::int64_t event_ids = 0;  ///< different ones
  std::int64_t days = 0;       ///< days (UTC) with a record
  Ticks first = 0, last = 0;
};

enum class ChannelOrder : std::uint8_t { kRecords, kUnmapped, kLast };

struct ChannelRequest {
  std::optional<DeviceKey> device;  ///< nothing: all that the caller may see
  ChannelOrder order = ChannelOrder::kRecords;
  std::string cursor;       ///< of the page before; empty: from the start
  std::int64_t rows = 100;  ///< 1 … 1000
};
struct ChannelPage {
  std::vector<SourceChannel> channels;  ///< largest of the order's value first
  std::string next;                     ///< empty: this was the last page
};
/// Records with an absurd time are left out. kInvalidInput for a cursor that is none.
Result<ChannelPage> source_channels(const Views& views, const ChannelRequest& request);

struct ChannelEvent {
  std::string provider;
  std::int64_t source_event_id = 0;
  std::int64_t records = 0;
  std::int64_t mapping_version = 0;  ///< newest that a record was stored with; 0: none knows it
  Ticks first = 0, last = 0;
  std::int64_t sample = 0;  ///< EventId of its newest record
};
/// A stretch without a record of the channel, between two that have one.
struct ChannelPause {
  Ticks from = 0, to = 0;
};
struct ChannelDay {
  Ticks day = 0;  ///< its midnight (UTC)
  std::int64_t records = 0;
};
struct ChannelReport {
  SourceChannel channel;
  std::vector<ChannelEvent> events;  ///< most records first, at most 500
  std::int64_t more_events = 0;
  std::vector<ChannelDay> days;      ///< with records, oldest first, the newest 400
  std::vector<ChannelPause> pauses;  ///< longest first, at most 20, none under an hour
  std::vector<CoverageGap> marks;    ///< cleared, lost, damaged: newest first, at most 100
};
/// kNotFound where the device has no record of the channel.
Result<ChannelReport> source_channel(const Views& views, const DeviceKey& device,
                                     std::string_view channel);

}  // namespace spoor::investigate
