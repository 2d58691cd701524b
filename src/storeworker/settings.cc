#include "storeworker/settings.h"

#include <algorithm>

#include "storeworker/sql_tokens.h"

namespace spoor::storeworker {
namespace {

// Only what shapes answers, sets limits or makes writes durable. Never: readonly, allow_*, input
// and output paths, anything that names a host.
constexpr std::string_view kAllowed[] = {
    "aggregate_functions_null_for_empty",
    "allow_simdjson",
    "alter_sync",
    "any_join_distinct_right_table_keys",
    "cast_keep_nullable",
    "data_type_default_nullable",
    "date_time_input_format",
    "date_time_output_format",
    "deduplicate_insert",
    "distinct_overflow_mode",
    "enable_analyzer",
    "enable_extended_results_for_datetime_functions",
    "enable_materialized_cte",
    "enable_positional_arguments",
    "group_by_overflow_mode",
    "group_by_use_nulls",
    "input_format_null_as_default",
    "input_format_skip_unknown_fields",
    "insert_deduplicate",
    "insert_deduplication_token",
    "join_algorithm",
    "join_use_nulls",
    "lightweight_deletes_sync",
    "materialize_skip_indexes_on_insert",
    "max_ast_depth",
    "max_ast_elements",
    "max_block_size",
    "max_bytes_before_external_group_by",
    "max_bytes_before_external_sort",
    "max_bytes_in_join",
    "max_bytes_to_read",
    "max_estimated_execution_time",
    "max_execution_time",
    "max_insert_block_size",
    "max_memory_usage",
    "max_parser_depth",
    "max_partitions_per_insert_block",
    "max_query_size",
    "max_result_bytes",
    "max_result_rows",
    "max_rows_in_join",
    "max_rows_to_group_by",
    "max_rows_to_read",
    "max_subquery_depth",
    "max_threads",
    "min_insert_block_size_bytes",
    "min_insert_block_size_rows",
    "mutations_sync",
    "optimize_read_in_order",
    "optimize_throw_if_noop",
    "output_format_json_escape_forward_slashes",
    "output_format_json_quote_64bit_floats",
    "output_format_json_quote_64bit_integers",
    "output_format_json_quote_decimals",
    "output_format_json_quote_denormals",
    "output_format_native_encode_types_in_binary_format",
    "prefer_column_name_to_alias",
    "query_plan_max_optimizations_to_apply",
    "read_overflow_mode",
    "result_overflow_mode",
    "session_timezone",
    "short_circuit_function_evaluation",
    "timeout_overflow_mode",
    "transform_null_in",
    "use_query_condition_cache",
    "use_skip_indexes",
    "use_variant_as_common_type",
};
static_assert(std::ranges::is_sorted(kAllowed));

constexpr std::string_view kIgnored[] = {
    "add_http_cors_header",
    "async_insert",
    "cancel_http_readonly_queries_on_client_close",
    "date_time_overflow_behavior",
    "enable_http_compression",
    "http_headers_progress_interval_ms",
    "http_wait_end_of_query",
    "http_write_exception_in_output_format",
    "send_progress_in_http_headers",
    "wait_end_of_query",
    "wait_for_async_insert",
};
static_assert(std::ranges::is_sorted(kIgnored));

constexpr std::string_view kInterface[] = {
    "buffer_size", "client_protocol_version",
    "compress",    "database",
    "decompress",  "default_format",
    "password",    "query",
    "query_id",    "quota_key",
    "role",        "session_id",
    "user",
};

bool is_value_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || std::string_view("_-.,:/+").contains(byte);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 20 &&
         std::ranges::all_of(
             text, [](char byte) { return (byte >= '0' && byte <= '9') || byte == '.'; }) &&
         text.front() != '.' && text.back() != '.' && std::ranges::count(text, '.') <= 1;
}

}  // namespace

bool is_allowed_setting(std::string_view name) {
  return std::ranges::binary_search(kAllowed, name);
}
bool is_ignored_setting(std::string_view name) {
  return std::ranges::binary_search(kIgnored, name);
}
bool is_interface_parameter(std::string_view name) {
  return std::ranges::find(kInterface, name) != std::end(kInterface);
}

Result<void> put_setting(Settings& settings, std::string_view name, std::string_view value) {
  if (!is_allowed_setting(name)) {
    return fail(ErrorCode::kUnsupported,
                "Setting " + std::string(name) + " is neither a builtin setting nor allowed here");
  }
  if (value.empty() || value.size() > 200 || !std::ranges::all_of(value, is_value_byte)) {
    return fail(ErrorCode::kInvalidInput,
                "Value of setting " + std::string(name) + " is not allowed");
  }
  const auto found = std::ranges::find(
      settings, name, [](const auto& entry) { return std::string_view(entry.first); });
  if (found != settings.end()) {
    found->second = value;
  } else {
    settings.emplace_back(name, value);
  }
  return {};
}

std::string_view find_setting(const Settings& settings, std::string_view name) {
  const auto found = std::ranges::find(
      settings, name, [](const auto& entry) { return std::string_view(entry.first); });
  return found == settings.end() ? std::string_view() : std::string_view(found->second);
}

std::string settings_clause(const Settings& settings) {
  std::string clause;
  for (const auto& [name, value] : settings) {
    clause += clause.empty() ? "" : ", ";
    clause += name + " = " +
              (is_number(value) && name != "insert_deduplication_token" && name != "log_comment"
                   ? value
                   : quote_text(value));
  }
  return clause;
}

bool is_valid_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char byte) {
    return is_value_byte(byte) && byte != ',' && byte != '/' && byte != '+';
  });
}

}  // namespace spoor::storeworker
