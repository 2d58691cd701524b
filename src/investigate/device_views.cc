#include "investigate/device_views.h"

#include <fmt/format.h>

#include "base/text.h"

namespace spoor::investigate {

Result<kql::QueryResult> Views::run(std::string_view query,
                                    std::vector<kql::NamedArgument> arguments, std::int64_t rows,
                                    const OnRows& on_rows) const {
  kql::RunLimits limits;
  limits.max_rows = rows;
  return run(query, std::move(arguments), limits, on_rows);
}

Result<kql::QueryResult> Views::run_kept(std::string_view query,
                                         std::vector<kql::NamedArgument> arguments,
                                         std::int64_t rows, const OnRows& on_rows) const {
  kql::RunLimits limits;
  limits.max_rows = rows;
  limits.may_be_kept = true;
  return run(query, std::move(arguments), limits, on_rows);
}

Result<kql::QueryResult> Views::run(std::string_view query,
                                    std::vector<kql::NamedArgument> arguments,
                                    const kql::RunLimits& limits, const OnRows& on_rows) const {
  kql::CompileOptions options;
  options.arguments = std::move(arguments);
  options.scope = scope_;
  options.limits.max_rows = limits.max_rows;
  return kql::run_query(runner_, query, std::move(options), limits, on_rows, {}, cancelled_);
}

Result<void> Views::check(const DeviceKey& device) const {
  if (device.ids.empty()) {
    return fail(Error::make(ErrorCode::kNotFound, "there is no such device").at(device.id));
  }
  for (const std::string& id : device.ids) {
    TRY(device_key(scope_, id));
  }
  return {};
}

std::string Views::Cursor::to_text() const {
  return fmt::format("{}/{}", format_ticks(time), event_id);
}

Result<Views::Cursor> Views::Cursor::parse(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto time = slash == std::string::npos
                        ? std::nullopt
                        : parse_iso_ticks(std::string_view(text).substr(0, slash));
  const auto event_id = slash == std::string::npos
                            ? std::nullopt
                            : parse_int(std::string_view(text).substr(slash + 1));
  if (!time || !event_id) {
    return fail(Error::make(ErrorCode::kInvalidInput, fmt::format("'{}' is no cursor", text))
                    .with_hint("take it from the last line of a page"));
  }
  return Cursor{*time, *event_id};
}

}  // namespace spoor::investigate
