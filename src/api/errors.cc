#include "api/errors.h"

#include "json/writer.h"

namespace spoor::api {
namespace {

constexpr std::string_view kFieldMark = "field:";
constexpr int kRetrySeconds = 5;

void write_error(std::string& out, std::string_view code, std::string_view message,
                 std::string_view hint, std::string_view request_id, const Error* place) {
  json::Writer writer(out);
  writer.begin_object().key("error").begin_object();
  writer.key("code").string(code).key("message").string(message.substr(0, 4000));
  writer.key("hint").string(hint.substr(0, 4000)).key("request_id").string(request_id);
  const bool has_field = place != nullptr && place->where.starts_with(kFieldMark);
  if (has_field || (place != nullptr && place->line > 0)) {
    writer.key("where").begin_object();
    if (place->line > 0) {
      writer.key("line").number(place->line);
      if (place->column > 0) {
        writer.key("column").number(place->column);
      }
    }
    if (has_field) {
      writer.key("field").string(
          std::string_view(place->where).substr(kFieldMark.size()).substr(0, 400));
    }
    writer.end_object();
  }
  writer.end_object().end_object();
}

}  // namespace

int error_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidInput:
    case ErrorCode::kTruncated:
    case ErrorCode::kUnsupported:
      return 400;
    case ErrorCode::kUnauthenticated:
      return 401;
    case ErrorCode::kForbidden:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kConflict:
    case ErrorCode::kCancelled:
      return 409;
    case ErrorCode::kLimit:
      return 422;
    case ErrorCode::kTooMany:
      return 429;
    case ErrorCode::kEngine:
      return 502;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kNoSpace:
      return 507;
    case ErrorCode::kIo:
    case ErrorCode::kInternal:
      return 500;
  }
  return 500;
}

Error in_field(Error error, std::string_view field) {
  error.where = std::string(kFieldMark) + std::string(field);
  return error;
}

std::string error_body(const Error& error, std::string_view request_id) {
  std::string out;
  if (error_status(error.code) == 500) {
    write_error(out, error_code_name(error.code),
                "The server failed at this; its log has the reason",
                "give the request_id to who runs the server", request_id, nullptr);
    return out;
  }
  write_error(out, error_code_name(error.code), error.message, error.hint, request_id, &error);
  return out;
}

std::string http_error_body(int /*status*/, std::string_view code, std::string_view message,
                            std::string_view request_id) {
  std::string out;
  write_error(out, code, message, "", request_id, nullptr);
  return out;
}

http::Response error_response(const Error& error, std::string_view request_id,
                              int retry_after_seconds) {
  const int status = error_status(error.code);
  http::Response response = http::Response::json(error_body(error, request_id), status);
  if (retry_after_seconds > 0 || status == 429 || status == 503) {
    response.set("Retry-After",
                 std::to_string(retry_after_seconds > 0 ? retry_after_seconds : kRetrySeconds));
  }
  if (status == 401) {
    response.set("WWW-Authenticate", "Bearer");
  }
  return response;
}

}  // namespace spoor::api
