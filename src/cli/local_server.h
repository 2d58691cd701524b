#pragma once
// The server that owns a data folder, spoken to over the folder's socket. It knows who calls by the
// user of this process: root, or the user that it runs as, may everything.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/client.h"
#include "json/reader.h"

namespace spoor::cli {

/// The error that the API writes as `error`.
Error told_error(const json::Dynamic& told);

class LocalServer {
 public:
  /// The server of the folder; nothing where none answers there.
  static std::optional<LocalServer> find(const std::string& data_folder);

  /// One call of the API; its answer as JSON (null for none). Refusals are errors with the server's
  /// own words and place.
  Result<json::Dynamic> call(std::string_view method, std::string_view path, std::string body = {},
                             double seconds = 120);
  /// The same with bytes instead of JSON.
  Result<json::Dynamic> send_bytes(std::string_view method, std::string_view path,
                                   std::string bytes);
  /// Posts `body` and hands on each line of the answer, without its end, as it comes; an error of
  /// `on_line` ends the call.
  Result<void> lines(std::string_view path, std::string body, double seconds,
                     const std::function<Result<void>(std::string_view line)>& on_line);
  /// The text of an answer as it came.
  Result<std::string> text(std::string_view path);

 private:
  explicit LocalServer(std::string socket) : socket_(std::move(socket)) {}
  Result<std::string> send(std::string_view method, std::string_view path, std::string body,
                           std::string_view type, double seconds);

  std::string socket_;
  http::Client client_;
};

}  // namespace spoor::cli
