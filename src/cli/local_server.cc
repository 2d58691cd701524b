#include "cli/local_server.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/file.h"

namespace spoor::cli {
namespace {

constexpr std::size_t kLongestLine = 256UL << 20;

bool accepts(const std::string& path) {
  const FileHandle socket_handle(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return false;
  }
  path.copy(address.sun_path, path.size());
  return ::connect(socket_handle.get(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof address) == 0;
}

ErrorCode code_of(std::string_view name) {
  for (int code = static_cast<int>(ErrorCode::kInvalidInput); code <= UINT8_MAX; ++code) {
    if (error_code_name(static_cast<ErrorCode>(code)) == name) {
      return static_cast<ErrorCode>(code);
    }
  }
  return ErrorCode::kUnavailable;
}

Error error_of(int status, const std::string& body) {
  const auto parsed = json::parse(body);
  if (!parsed || (*parsed)["error"].as_object() == nullptr) {
    return Error::make(ErrorCode::kUnavailable, fmt::format("the server answered {}", status));
  }
  return told_error((*parsed)["error"]);
}

}  // namespace

Error told_error(const json::Dynamic& told) {
  Error error = Error::make(code_of(told["code"].text_or("")),
                            std::string(told["message"].text_or("the server refused it")));
  error.hint = told["hint"].text_or("");
  error.line = static_cast<int>(told["where"]["line"].int_or(-1));
  error.column = static_cast<int>(told["where"]["column"].int_or(-1));
  return error;
}

std::optional<LocalServer> LocalServer::find(const std::string& data_folder) {
  std::string socket = data_folder + "/run/spoor.sock";
  if (!accepts(socket)) {
    return std::nullopt;
  }
  return LocalServer(std::move(socket));
}

Result<std::string> LocalServer::send(std::string_view method, std::string_view path,
                                      std::string body, std::string_view type, double seconds) {
  http::ClientRequest request;
  request.method = method;
  request.url = fmt::format("http://spoor{}", path);
  request.unix_socket = socket_;
  if (!body.empty()) {
    request.headers.push_back({"Content-Type", std::string(type)});
  }
  request.body = std::move(body);
  request.total_seconds = seconds;
  request.max_response_bytes = 256ULL << 20;
  auto response = TRY(client_.send(request));
  if (response.status >= 300) {
    return fail(error_of(response.status, response.body));
  }
  return std::move(response.body);
}

Result<json::Dynamic> LocalServer::call(std::string_view method, std::string_view path,
                                        std::string body, double seconds) {
  const std::string text = TRY(send(method, path, std::move(body), "application/json", seconds));
  json::ReadLimits limits;
  limits.max_bytes = 256UL << 20;
  return text.empty() ? json::Dynamic() : json::parse(text, limits);
}

Result<void> LocalServer::lines(std::string_view path, std::string body, double seconds,
                                const std::function<Result<void>(std::string_view)>& on_line) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = fmt::format("http://spoor{}", path);
  request.unix_socket = socket_;
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = std::move(body);
  request.total_seconds = seconds;
  int status = 0;
  std::string held;  // the part of a line that has come, or the whole of a refusal
  request.on_header = [&](int code, const http::Headers&) { status = code; };
  request.sink = [&](std::string_view bytes) -> Result<void> {
    held += bytes;
    if (held.size() > kLongestLine) {
      return fail(ErrorCode::kLimit, "the server sent a line that is too long");
    }
    std::size_t at = 0;
    for (std::size_t end = held.find('\n'); status < 300 && end != held.npos;
         end = held.find('\n', at)) {
      TRY_VOID(on_line(std::string_view(held).substr(at, end - at)));
      at = end + 1;
    }
    held.erase(0, at);
    return {};
  };
  TRY(client_.send(request));
  if (status >= 300) {
    return fail(error_of(status, held));
  }
  return held.empty() ? Result<void>()
                      : fail(ErrorCode::kTruncated, "the server's answer was cut off");
}

Result<json::Dynamic> LocalServer::send_bytes(std::string_view method, std::string_view path,
                                              std::string bytes) {
  constexpr double kSeconds = 600;
  return json::parse(
      TRY(send(method, path, std::move(bytes), "application/octet-stream", kSeconds)));
}

Result<std::string> LocalServer::text(std::string_view path) {
  constexpr double kSeconds = 120;
  return send("GET", path, "", "application/json", kSeconds);
}

}  // namespace spoor::cli
