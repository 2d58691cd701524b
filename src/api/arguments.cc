#include "api/arguments.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/errors.h"
#include "base/text.h"

namespace spoor::api {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr json::ReadLimits kBodyLimits = {
    .max_bytes = 16UL << 20, .max_depth = 32, .max_values = 200'000};

std::unexpected<Error> wrong(std::string_view parameter, std::string message) {
  return fail(
      in_field(Error::make(ErrorCode::kInvalidInput, fmt::format("\"{}\" {}", parameter, message)),
               parameter));
}

Result<void> check_names(const CheckedOperation& operation, const http::Query& query) {
  for (std::size_t at = 0; at < query.size(); ++at) {
    const std::string& name = query[at].first;
    const bool is_known =
        std::ranges::any_of(operation.parameters, [&](const CheckedParameter& parameter) {
          return !parameter.spec->in_path && parameter.spec->name == name;
        });
    if (!is_known) {
      std::vector<std::string_view> names;
      for (const auto& parameter : operation.parameters) {
        names.push_back(parameter.spec->name);
      }
      const std::string_view near = nearest_name(name, names);
      Error error = Error::make(
          ErrorCode::kInvalidInput,
          fmt::format("there is no parameter \"{}\"", to_valid_utf8(name.substr(0, 100))));
      error.hint = near.empty() ? "" : fmt::format("did you mean \"{}\"?", near);
      return fail(std::move(error));
    }
    const auto same = [&](const auto& other) { return other.first == name; };
    if (std::any_of(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(at), same)) {
      return wrong(name, "is there twice");
    }
  }
  return {};
}

Error at_offset(Error error, std::string_view text) {
  if (error.offset < 0) {
    return error;
  }
  const auto before = text.substr(0, static_cast<std::size_t>(error.offset));
  const auto line_start = before.rfind('\n');
  error.line = 1 + static_cast<int>(std::ranges::count(before, '\n'));
  error.column = static_cast<int>(before.size() -
                                  (line_start == std::string_view::npos ? 0 : line_start + 1)) +
                 1;
  return error;
}

}  // namespace

Result<Call::Arguments> read_arguments(const CheckedOperation& operation,
                                       const http::Exchange& exchange) {
  const http::Request& request = exchange.request();
  TRY_VOID(check_names(operation, request.query));
  Call::Arguments arguments;
  for (const CheckedParameter& parameter : operation.parameters) {
    const std::string_view name = parameter.spec->name;
    const auto given =
        parameter.spec->in_path ? std::optional(exchange.param(name)) : request.query_value(name);
    if (!given) {
      if (parameter.spec->is_required) {
        return wrong(name, "is missing");
      }
      if (const auto& fallback = parameter.schema->resolved().fallback) {
        arguments.emplace_back(name, *fallback);
      }
      continue;
    }
    auto value = read_parameter(*parameter.schema, *given);
    if (!value) {
      return wrong(name, value.error().message);
    }
    if (const auto checked = check_value(*parameter.schema, *value); !checked) {
      return wrong(name, checked.error().message);
    }
    arguments.emplace_back(name, *std::move(value));
  }
  return arguments;
}

bool has_accepted_type(const CheckedOperation& operation, const http::Request& request) {
  return operation.bodies.empty() ||
         operation.find_body(media_type_of(request.header("Content-Type"))) != nullptr;
}

Result<json::Dynamic> read_body(const CheckedOperation& operation, const http::Request& request) {
  const auto* content = operation.find_body(media_type_of(request.header("Content-Type")));
  if (content == nullptr || content->spec->media_type != kJson) {
    return json::Dynamic();
  }
  auto body = json::parse(request.body, kBodyLimits);
  if (!body) {
    Error error = at_offset(std::move(body).error(), request.body);
    error.code = error.code == ErrorCode::kLimit ? ErrorCode::kLimit : ErrorCode::kInvalidInput;
    error.where.clear();
    return fail(std::move(error));
  }
  if (auto checked = check_value(*content->schema, *body); !checked) {
    Error error = std::move(checked).error();
    const std::string field = error.where.empty() ? "/" : error.where;
    error.message = fmt::format("{} {}", error.where.empty() ? "the body" : error.where.substr(1),
                                error.message);
    return fail(in_field(std::move(error), field));
  }
  return with_defaults(*content->schema, *std::move(body));
}

}  // namespace spoor::api
