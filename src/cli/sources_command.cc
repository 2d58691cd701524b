#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/print.h"
#include "cli/reading.h"
#include "investigate/source_channels.h"

namespace spoor::cli {
namespace {

using kql::Type;

Result<void> print_channels(const investigate::Views& views, const SourcesOptions& options) {
  RowPrinter printer(options.format, {{"DeviceId", Type::kString},
                                      {"DeviceName", Type::kString},
                                      {"Channel", Type::kString},
                                      {"Records", Type::kLong},
                                      {"Unmapped", Type::kLong},
                                      {"EventIds", Type::kLong},
                                      {"Days", Type::kLong},
                                      {"First", Type::kDateTime},
                                      {"Last", Type::kDateTime}});
  investigate::ChannelRequest request;
  request.rows = 1000;
  if (!options.device.empty()) {
    request.device = TRY(device_of(views, options.device));
  }
  do {
    const auto page = TRY(investigate::source_channels(views, request));
    for (const investigate::SourceChannel& channel : page.channels) {
      const kql::Row row = {channel.device_id, channel.device_name, channel.channel,
                            channel.records,   channel.unmapped,    channel.event_ids,
                            channel.days,      channel.first,       channel.last};
      TRY_VOID(printer.add({&row, 1}));
    }
    request.cursor = page.next;
  } while (!request.cursor.empty());
  printer.finish(false);
  return {};
}

/// What happened to the channel stands in the same columns as its events, so that one table, and
/// one line of NDJSON a row, tells all.
Result<void> print_channel(const investigate::Views& views, const SourcesOptions& options) {
  const auto device = TRY(device_of(views, options.device));
  const auto report = TRY(investigate::source_channel(views, device, options.channel));
  RowPrinter printer(options.format, {{"Kind", Type::kString},
                                      {"What", Type::kString},
                                      {"Records", Type::kLong},
                                      {"Mapping", Type::kLong},
                                      {"First", Type::kDateTime},
                                      {"Last", Type::kDateTime},
                                      {"Sample", Type::kLong}});
  std::vector<kql::Row> rows;
  for (const investigate::ChannelEvent& event : report.events) {
    rows.push_back(
        {std::string("event"), fmt::format("{} {}", event.provider, event.source_event_id),
         event.records,
         event.mapping_version == 0 ? kql::Constant{} : kql::Constant{event.mapping_version},
         event.first, event.last, event.sample});
  }
  for (const investigate::ChannelPause& pause : report.pauses) {
    rows.push_back({std::string("pause"), std::string("no record"), std::int64_t{0},
                    kql::Constant{}, pause.from, pause.to, kql::Constant{}});
  }
  for (const investigate::CoverageGap& mark : report.marks) {
    rows.push_back({mark.kind, mark.detail, mark.lost ? kql::Constant{*mark.lost} : kql::Constant{},
                    kql::Constant{}, mark.from, mark.to ? kql::Constant{*mark.to} : kql::Constant{},
                    kql::Constant{}});
  }
  TRY_VOID(printer.add(rows));
  printer.finish(false);
  return {};
}

}  // namespace

int run_sources(const SourcesOptions& options) {
  return with_views(options.data, [&](const investigate::Views& views) -> Result<void> {
    return options.channel.empty() ? print_channels(views, options) : print_channel(views, options);
  });
}

}  // namespace spoor::cli
